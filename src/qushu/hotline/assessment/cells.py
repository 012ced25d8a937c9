"""The cells of the table as markup: thousands of links a page, put together here because a template takes ten times as long."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from ..models import AssessmentPeriod
from .choice import Cell, Choice, Row
from .measures import VOLUMES
from .rules import Count

_NOTHING = '<span class="faint">—</span>'


@dataclass(frozen=True)
class Draw:
    """Draws the rows of one table: where its figures lead, and whether they may be corrected there."""

    where: str
    query: str
    correctable: bool
    correct: str

    @classmethod
    def of(cls, choice: Choice, frozen: AssessmentPeriod | None, correctable: bool) -> "Draw":
        """For a choice; the figures of a frozen period lead to its own rows."""
        if frozen:
            where = reverse("frozen-figure", args=[frozen.pk, 0, "m", "h"])
        else:
            where = reverse("figure", args=[choice.subject, 0, "m", "h"])
        correct = reverse("correct-figure", args=[0, "m"])
        return cls(
            where.removesuffix("0/m/h/"), f"?{escape(choice.query)}", correctable, correct.removesuffix("0/m/correct/")
        )

    def cells(self, row: Row) -> SafeString:
        """The cells of volumes and rates of one row."""
        volumes = "".join(self._volume(row, code) for code in VOLUMES)
        return SafeString(volumes + "".join(self._rate(row, cell) for cell in row.cells))

    def _volume(self, row: Row, code: str) -> str:
        number = row.volumes[code]
        shown = self._link(row, code, "all", number) if number else "0"
        return f'<td class="fit end">{shown}</td>'

    def _rate(self, row: Row, cell: Cell) -> str:
        count = cell.count
        lines = [self._first(cell)]
        if count.whole:
            part, whole = (
                self._link(row, cell.code, half, of) for half, of in (("part", count.part), ("whole", count.whole))
            )
            lines.append(f'<span class="muted">{part} ÷ {whole}</span>')
        if count.excluded:
            lines.append(f'<span class="muted">剔除 {self._link(row, cell.code, "excluded", count.excluded)}</span>')
        if cell.corrected:
            lines.append(f'<span class="tag tone-violet">已更正</span> {_fraction(cell.corrected)}')
        if cell.today:
            lines.append(f'<span class="tag tone-warn">今</span> {_fraction(cell.today)}{self._mend(row, cell)}')
        return f'<td class="fit end">{"<br>".join(lines)}</td>'

    def _first(self, cell: Cell) -> str:
        rate = f"<strong>{cell.count.rate}%</strong>" if cell.count.whole else _NOTHING
        return rate if cell.points is None else f'{rate} <span class="assessment-points">{cell.points:.1f} 分</span>'

    def _link(self, row: Row, code: str, half: str, number: int) -> str:
        return f'<a href="{self.where}{row.line.subject_id}/{code}/{half}/{self.query}">{number:,}</a>'

    def _mend(self, row: Row, cell: Cell) -> str:
        if not self.correctable or row.frozen_id is None:
            return ""
        return f' <a href="{self.correct}{row.frozen_id}/{cell.code}/correct/">更正</a>'


def _fraction(count: Count) -> str:
    return f"{count.part:,} ÷ {count.whole:,}"
