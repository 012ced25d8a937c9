"""A version's tables as files."""

from collections.abc import Callable, Sequence

from qushu.kernel.content_types import PAPERS, XLSX

from ..models import BudgetVersion
from .grid import Grid
from .workbook import write_workbook


def _workbook(grids: Sequence[Grid], version: BudgetVersion) -> bytes:
    return write_workbook(grids, f"{version.department}{version.year}年部门预算")


def _word(grids: Sequence[Grid], version: BudgetVersion) -> bytes:
    from qushu.kernel.papers import write_docx  # only who writes a paper needs it

    from .printing import paper_of  # the same

    return write_docx(paper_of(grids, version.department, version.year))


def _pdf(grids: Sequence[Grid], version: BudgetVersion) -> bytes:
    from qushu.kernel.papers import write_pdf  # only who writes a paper needs it

    from .printing import paper_of  # the same

    return write_pdf(paper_of(grids, version.department, version.year))


WRITERS: dict[str, Callable[[Sequence[Grid], BudgetVersion], bytes]] = {"xlsx": _workbook, "docx": _word, "pdf": _pdf}
"""By the ending of the file."""

CONTENT_TYPES = {"xlsx": XLSX, **PAPERS}
