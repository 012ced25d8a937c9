"""Which unit is suggested for a case: asked here, answered by whatever room above offers a method.

Without one nothing is suggested. The page that dispatches shows the answer with its reason, and the history keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .models import Case


@dataclass(frozen=True)
class UnitHint:
    """A unit, why, by which model, how sure (0 to 1), and which units would assist it."""

    unit_id: int
    name: str
    reason: str
    model: str
    score: float
    assisting_ids: tuple[int, ...] = ()


Method = Callable[[Case, datetime], UnitHint | None]
_methods: list[Method] = []


def offer_hints(method: Method) -> None:
    """Answer `unit_hint` with this method from now on; rooms call this when Django starts."""
    _methods[:] = [method]


def unit_hint(case: Case, now: datetime) -> UnitHint | None:
    """The unit that is suggested first for this case; None when no room offers a method, or it has no idea."""
    return _methods[0](case, now) if _methods else None
