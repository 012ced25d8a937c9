"""Units, areas and accounts as tables that travel: exported, edited in a spreadsheet, imported again."""

from .accounts import ACCOUNTS
from .areas import AREAS
from .imports import Outcome, Sheet, apply_rows, rehearse_rows
from .units import UNITS

SHEETS: dict[str, Sheet] = {sheet.kind: sheet for sheet in (UNITS, AREAS, ACCOUNTS)}

__all__ = ["SHEETS", "Outcome", "Sheet", "apply_rows", "rehearse_rows"]
