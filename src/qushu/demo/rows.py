"""Turns stories into rows in PostgreSQL's COPY text format, table by table.

The ids of a case's rows follow from the case's index (`STRIDE` of them per case and table), so chunks need not wait
for each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from . import rows_of_case, rows_of_work
from .deadlines import Deadlines
from .seals import take_down
from .story import CaseStory
from .world import World

COLUMNS = rows_of_case.COLUMNS | rows_of_work.COLUMNS
STRIDE = {
    "cases_history": 40,
    "cases_clock": 24,
    "cases_shift": 4,
    "cases_assignment": 12,
    "cases_review": 8,
    "cases_supervision": 8,
    "hotline_followupcall": 8,
}


class TooMany(RuntimeError):
    """A case has more rows in a table than ids are set aside for it."""


@dataclass
class Rows:
    """The lines of one chunk. `bases` holds, per table, the id before the first that the load may use."""

    world: World
    bases: dict[str, int]
    cut: int
    deadlines: Deadlines

    def __post_init__(self) -> None:
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}

    def add(self, story: CaseStory) -> None:
        """All rows of this case."""
        first = {table: self.bases[table] + story.core.index * stride + 1 for table, stride in STRIDE.items()}
        take_down(story, self.world)
        history, head = rows_of_case.history(story, first["cases_history"])
        self._put("cases_case", [rows_of_case.case(story, self.world, head)])
        statement, entry = rows_of_case.statement(story, self.world)
        self._put("cases_statement", [statement])
        self._put("cases_searchentry", [entry])
        self._put("cases_assignment", rows_of_work.assignments(story, first["cases_assignment"]))
        climbed = [rows_of_work.ladder(clock, self.world, self.deadlines, self.cut) for clock in story.clocks]
        self._put("cases_clock", rows_of_work.clocks(story, first["cases_clock"], climbed))
        self._put("cases_shift", rows_of_work.shifts(story, first["cases_shift"], first["cases_clock"]))
        self._put("cases_review", rows_of_work.reviews(story, first["cases_review"]))
        self._put("cases_supervision", rows_of_work.supervisions(story, first["cases_supervision"]))
        self._put("hotline_followupcall", rows_of_work.calls(story, first["hotline_followupcall"]))
        self._put("cases_history", history)

    def _put(self, table: str, lines: Iterable[str]) -> None:
        kept = self.lines[table]
        before = len(kept)
        kept.extend(lines)
        if len(kept) - before > STRIDE.get(table, 1):
            raise TooMany(f"{len(kept) - before} rows of one case for {table}")
