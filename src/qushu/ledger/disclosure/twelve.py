"""The twelve tables of a version."""

from collections import defaultdict
from collections.abc import Sequence

from ..models import BudgetVersion
from ..reading.values import YUAN
from ..versions.queries import rows_of
from ..versions.rules import Row
from .definitions import LIST_TABLES
from .filing import Filing, filing_of
from .grid import Grid
from .lists import list_grid
from .overall_form import overall_form
from .project_form import project_form
from .two_sided import overall, public

TITLES = {
    1: "部门收支总表",
    4: "财政拨款收支总表",
    **{table.number: table.title for table in LIST_TABLES},
    11: "部门整体支出绩效目标申报表",
    12: "部门项目申报表（含绩效目标）",
}


def tables_of(version: BudgetVersion) -> list[Grid]:
    """All tables of a version in their order; the twelfth is a form for each project. Eight reads."""
    factor = YUAN[version.document.unit] if version.document else YUAN["万元"]
    return build(rows_of(version), filing_of(version.document, version.year, version.department, factor))


def build(rows: Sequence[Row], filing: Filing) -> list[Grid]:
    """The tables of these rows and what the forms say."""
    lists = [list_grid(table, rows, filing.department) for table in LIST_TABLES]
    grids = [overall(rows), public(rows), *lists, overall_form(rows, filing)]
    projects: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.category == "project":
            projects[row.project_code].append(row)
    forms = [project_form(code, found, filing) for code, found in projects.items()]
    return [*sorted(grids, key=lambda grid: grid.number), *(forms or [_no_projects()])]


def _no_projects() -> Grid:
    return Grid(12, TITLES[12], (1.0,), [], [], notes=["本部门没有项目支出。"])
