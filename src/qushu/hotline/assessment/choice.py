"""What is assessed, as an address says it: period, subject, scheme, level, order; and the table that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from qushu.people.access import Actor, scope

from ..models import AssessmentLine, AssessmentPeriod, AssessmentScheme
from .freezing import corrected_counts, frozen_counts
from .measures import MEASURES, NOBODY, NOBODY_NAMES
from .periods import Period, month_of, period_of
from .queries import ACTION, Counts, counts
from .rules import Count
from .table import Formula, Line, formula_of, in_place, lines_of, names_of, scheme_for
from .tree import Tree


@dataclass(frozen=True)
class Choice:
    """A chosen assessment. `within` or `level` say which categories; `live` asks for today's figures of a frozen month."""

    subject: str
    first: date
    last: date
    scheme: AssessmentScheme | None
    level: int = 1
    within: int | None = None
    live: bool = False

    @cached_property
    def month(self) -> date | None:
        """The month, when the period is one."""
        return self.first if month_of(self.first) == (self.first, self.last) else None

    @cached_property
    def formula(self) -> Formula:
        return formula_of(self.scheme)

    def period(self, now: datetime) -> Period:
        return period_of(self.first, self.last, now)

    @cached_property
    def frozen(self) -> AssessmentPeriod | None:
        """The period as it was frozen by this scheme."""
        if self.scheme is None:
            return None
        found = AssessmentPeriod.objects.filter(scheme=self.scheme, starts_on=self.first, ends_on=self.last)
        return found.select_related("frozen_by").first()

    @cached_property
    def tree(self) -> Tree:
        return Tree.read()

    @property
    def query(self) -> str:
        """The address of what is behind the figures, without their own part."""
        said = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        if self.subject == "category":
            said |= {"within": str(self.within)} if self.within else {"level": str(self.level)}
        return urlencode(said)


def choose(
    subject: str, first: date, last: date, scheme: AssessmentScheme | None = None, **more: int | bool | None
) -> Choice:
    """A choice; without a scheme the one in force at the end of the period."""
    return Choice(subject, first, last, scheme or scheme_for(subject, last), **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Cell:
    """One rate of one line. `today` and `corrected` stand beside a frozen figure where they differ from it."""

    code: str
    count: Count
    points: Decimal | None
    today: Count | None = None
    corrected: Count | None = None


@dataclass(frozen=True)
class Row:
    """A line as the table shows it."""

    line: Line
    frozen_id: int | None = None
    today: Mapping[str, Count] | None = None
    corrected: Mapping[str, Count] | None = None
    score_after: Decimal | None = None
    """The score with the corrections made since the freeze; None without any."""

    @cached_property
    def cells(self) -> list[Cell]:
        """A cell for each measure; put together only for the rows of the page that is shown."""
        return [self._cell(code, self.line.counts[code]) for code in MEASURES]

    def _cell(self, code: str, count: Count) -> Cell:
        now, mended = (self.today or {}).get(code, Count()), (self.corrected or {}).get(code, count)
        return Cell(
            code,
            count,
            self.line.points.get(code),
            today=now if self.today is not None and now != mended else None,
            corrected=mended if mended != count else None,
        )

    @property
    def volumes(self) -> dict[str, int]:
        return {code: count.volume for code, count in self.line.counts.items()}


@dataclass(frozen=True)
class Table:
    """The assessment that an address asks for: rows, their sum, and the frozen period they were read from."""

    rows: list[Row]
    total: Row | None
    frozen: AssessmentPeriod | None
    newcomers: list[str] = field(default_factory=list)
    """Names of those that have figures with today's data and had none when the period was frozen."""
    unlisted: str = ""
    """What NOBODY is called, when it has figures today and no line in the frozen period."""


def read_table(actor: Actor, choice: Choice, now: datetime) -> Table:
    """Today's figures, or those that were frozen with today's beside them, as far as the actor may see them."""
    live = counts(actor, choice.subject, choice.period(now))
    frozen = None if choice.live else choice.frozen
    kept = _frozen_lines(actor, choice, frozen) if frozen else None
    if kept is None:
        lines = _lines(choice, live)
        return Table([Row(line) for line in lines], _total(lines), None)
    then = _lines(choice, {one: frozen_counts(line) for one, line in kept.items()}, kept)
    now_of = _summed(choice, live)
    corrected = _summed(choice, {one: corrected_counts(line) for one, line in kept.items()})
    ids = {one: line.pk for one, line in kept.items()} if choice.subject != "category" else {}
    rows = [
        Row(
            line,
            ids.get(line.subject_id),
            now_of.get(line.subject_id, {}),
            corrected[line.subject_id],
            _score_after(kept[line.subject_id]) if ids else None,
        )
        for line in then
    ]
    late = set(now_of) - {line.subject_id for line in then}
    newcomers = sorted(_names(choice, sorted(late - {NOBODY})).values())
    return Table(rows, _total(then), frozen, newcomers, NOBODY_NAMES[choice.subject] if NOBODY in late else "")


def ids_behind(choice: Choice, subject_id: int) -> list[int] | None:
    """The subjects whose judgements a line holds; 0 is the line of the sum. None: all that there are."""
    if choice.subject != "category" or subject_id == NOBODY:
        return [subject_id] if subject_id else None
    if subject_id:
        return choice.tree.ids_behind(subject_id, choice.tree.nodes, choice.level, choice.within)
    return choice.tree.below(choice.within) if choice.within else None


def _frozen_lines(actor: Actor, choice: Choice, frozen: AssessmentPeriod) -> dict[int, AssessmentLine] | None:
    """The frozen lines that the actor may see; None when its scope can't be cut out of them: then it sees today's."""
    reach = scope(actor, ACTION)
    lines = frozen.lines.prefetch_related("corrections")
    if not reach.everything:
        if choice.subject == "unit" and not reach.area_ids:
            lines = lines.filter(subject_id__in=reach.unit_ids)
        else:
            return None
    return {line.subject_id: line for line in lines}


def _summed(choice: Choice, found: Mapping[int, dict[str, Count]]) -> Counts:
    return choice.tree.sums(dict(found), choice.level, choice.within) if choice.subject == "category" else dict(found)


def _lines(
    choice: Choice, found: Mapping[int, dict[str, Count]], kept: Mapping[int, AssessmentLine] | None = None
) -> list[Line]:
    summed = _summed(choice, found)
    if choice.subject != "category" and kept is not None:
        names = {one: line.subject_name for one, line in kept.items()}
    else:
        names = _names(choice, list(summed))
    lines = lines_of(summed, names, choice.formula)
    if kept is None or choice.subject == "category":
        return lines
    return sorted((_as_frozen(line, kept[line.subject_id]) for line in lines), key=in_place)


def _as_frozen(line: Line, kept: AssessmentLine) -> Line:
    """Score, rank and tier as they were written down: among all subjects, not among those that one may see."""
    return Line(line.subject_id, line.name, line.counts, line.points, kept.score, kept.rank, kept.tier)


def _score_after(line: AssessmentLine) -> Decimal | None:
    """The score of the newest correction: it counts all that were made before."""
    corrections = list(line.corrections.all())
    return corrections[-1].score_after if corrections else None


def _names(choice: Choice, ids: list[int]) -> dict[int, str]:
    """What the subjects are called on this page."""
    if choice.subject != "category":
        return names_of(choice.subject, ids)
    nodes = choice.tree.nodes
    nobody = {NOBODY: NOBODY_NAMES["category"]} if NOBODY in ids else {}
    return nobody | {one: nodes[one].name if choice.within else nodes[one].full_name for one in ids if one in nodes}


def _total(lines: list[Line]) -> Row | None:
    if not lines:
        return None
    sums = {code: sum((line.counts[code] for line in lines), Count()) for code in MEASURES}
    return Row(Line(0, "合计", sums, {}, None, None, ""))
