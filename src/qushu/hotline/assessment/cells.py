"""The cells of the table as markup: thousands of links a page, put together here because a template takes ten times as long."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from ..models import AssessmentPeriod
from .choice import Cell, Choice, Row
from .measures import NOBODY, VOLUMES
from .rules import Count

_NOTHING = '<span class="faint">—</span>'


@dataclass(frozen=True)
class Draw:
    """Draws the rows of one table: where its figures lead, and whether they may be corrected there."""

    where: str
    query: str
    correctable: bool
    correct: str
    scored: bool
    trend: str
    inward: str = ""
    within: int | None = None

    @classmethod
    def of(cls, choice: Choice, frozen: AssessmentPeriod | None, correctable: bool, asked: QueryDict) -> "Draw":
        """For a choice and the address that asked for it; the figures of a frozen period lead to its own rows."""
        if frozen:
            where = reverse("frozen-figure", args=[frozen.pk, 0, "m", "h"])
        else:
            where = reverse("figure", args=[choice.subject, 0, "m", "h"])
        correct = reverse("correct-figure", args=[0, "m"])
        return cls(
            where.removesuffix("0/m/h/"),
            f"?{escape(choice.query)}",
            correctable,
            correct.removesuffix("0/m/correct/"),
            choice.scheme is not None,
            _trend(choice),
            _inward(asked) if choice.subject == "category" else "",
            choice.within,
        )

    def row(self, row: Row) -> SafeString:
        """One row; the line of the sum has no rank, score and tier."""
        line, total = row.line, row.line.subject_id == 0
        cells = [f'<td class="fit assessment-name" title="{escape(line.name)}">{self._name(row)}</td>']
        if self.scored:
            rank, score = ("", "") if total else (_or_dash(line.rank), f"<strong>{_or_dash(line.score)}</strong>")
            cells.insert(0, f'<td class="fit">{rank}</td>')
            after = row.score_after
            beside = "" if after is None else f'<br><span class="tag tone-violet">已更正</span> {after}'
            cells.append(f'<td class="fit end">{score}{beside}</td>')
            cells.append(f'<td class="fit">{"" if total else escape(line.tier or "—")}</td>')
        cells += [self._volume(row, code) for code in VOLUMES]
        cells += [self._rate(row, cell) for cell in row.cells]
        opening = '<tr class="assessment-total">' if total else "<tr>"
        return SafeString(f"{opening}{''.join(cells)}</tr>")

    def _name(self, row: Row) -> str:
        """Who or what it is, leading to its trend; a category leads to those below it."""
        line, name = row.line, escape(row.line.name)
        if not self.inward or line.subject_id in (0, NOBODY):
            return f'<a href="{self.trend.format(self.within or line.subject_id)}">{name}</a>'
        if line.subject_id == self.within:
            return f"{name}（未细分）"
        return f'<a href="{self.inward}{line.subject_id}">{name}</a>'

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
            rate = f"{cell.corrected.rate}% " if cell.corrected.whole else ""
            lines.append(f'<span class="tag tone-violet">已更正</span> {rate}{_fraction(cell.corrected)}')
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


def _inward(asked: QueryDict) -> str:
    """The present address, one category further in; its number follows."""
    query = asked.copy()
    for name in ("level", "tier", "within", "after", "before"):
        query.pop(name, None)
    return escape(f"?{query.urlencode()}&within=" if query else "?within=")


def _trend(choice: Choice) -> str:
    """The address of a subject's twelve months up to the chosen period's end; `{}` stands for the subject."""
    address = reverse("assessment-trend", args=[choice.subject, 0])
    return escape(f"{address.removesuffix('0/')}{{}}/?month={choice.last:%Y-%m}")


def _or_dash(figure: object) -> str:
    return "—" if figure is None else str(figure)


def _fraction(count: Count) -> str:
    return f"{count.part:,} ÷ {count.whole:,}"
