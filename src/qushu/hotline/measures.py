"""What the hotline can say of itself: cases accepted, and the rates of the assessment by their own definitions."""

from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.kernel.measures import Cause, Measured, Span, SystemMeasure, counted, offer
from qushu.people.access import Scope

from .assessment.definitions import codes_of, words_of
from .assessment.measures import MEASURES, SUBJECTS, Measure
from .assessment.periods import period_of
from .assessment.queries import counts_within
from .assessment.rules import Count
from .assessment.table import names_of

SYSTEM = "市民热线"
VERSION = 2
"""Of the rates: since the second, late judgements are counted and hashed together with the others."""

NAMED_CAUSES = 3
"""So many units, streets and categories are named when a promise is going to be missed."""

NAMES = {
    "on_time": ("hotline.on_time_rate", "more", ("按时办结率", "办结率")),
    "acknowledge": ("hotline.acknowledge_rate", "more", ("按时签收率", "签收率")),
    "contact": ("hotline.contact_rate", "more", ("按时联系率", "联系率")),
    "solved": ("hotline.solved_rate", "more", ("解决率", "问题解决率")),
    "satisfied": ("hotline.satisfaction", "more", ("市民热线工作群众满意度", "群众满意度", "热线满意率")),
    "return": ("hotline.return_rate", "less", ("退单率",)),
    "reopen": ("hotline.reopen_rate", "less", ("重办率",)),
}
"""Rates of the assessment that are offered: code, which way is better, what documents call them."""


def offer_measures() -> None:
    """Put them where the ledger finds them."""
    offer(
        SystemMeasure(
            "hotline.accepted", SYSTEM, "受理诉求件", "件", "期内受理的诉求件", 1, "more", True, _accepted, _list_address,
            ("全年接受投诉案件", "受理诉求件数量", "受理件数", "诉求件办理量"),
        ),
        *(_rate(MEASURES[code], *named) for code, named in NAMES.items()),  # type: ignore[arg-type]
    )  # fmt: skip


def _accepted(span: Span) -> Measured:
    period = period_of(span.first, span.last, span.now)
    return count_of(Case.objects.filter(period.of("accepted_at")), span)


def count_of(rows: "QuerySet[Any]", span: Span) -> Measured:
    """How many rows a span has. A centre whose first case came after the span knows nothing of it; one whose first case
    came within it says since when it counts."""
    every = ExpressionWrapper(Value(True), BooleanField())
    whole, _, digest = counted(rows.order_by().annotate(counts=every).values_list("pk", "counts"))
    oldest = Case.objects.order_by("accepted_at", "pk").values_list("accepted_at", flat=True).first()
    begun = timezone.localdate(oldest, SHANGHAI) if oldest else span.first
    if begun > span.last and not whole:
        return Measured(None, 0, digest)
    return Measured(Decimal(whole), whole, digest, (f"数据自 {begun} 起",) if begun > span.first else ())


def _list_address(span: Span) -> str:
    return f"{reverse('case-list')}?{urlencode({'from': span.first.isoformat(), 'to': span.last.isoformat()})}"


def _rows_address(code: str, span: Span, half: str = "whole", subject: str = "unit", subject_id: int = 0) -> str:
    """The page of the judgements themselves; subject 0 is all of them."""
    days = urlencode({"first": span.first.isoformat(), "last": span.last.isoformat()})
    return f"{reverse('figure', args=[subject, subject_id, code, half])}?{days}"


def _rate(measure: Measure, code: str, better: Literal["more", "less"], aliases: tuple[str, ...]) -> SystemMeasure:
    def read(span: Span) -> Measured:
        return _rate_of(measure, span)

    def rows_address(span: Span) -> str:
        return _rows_address(measure.code, span)

    def causes(span: Span, wanted: Decimal) -> list[Cause]:
        return _causes(measure, better, span, wanted)

    return SystemMeasure(
        code,
        SYSTEM,
        measure.name,
        "%",
        measure.formula,
        VERSION,
        better,
        False,
        read,
        rows_address,
        aliases,
        causes=causes,
    )


def _causes(measure: Measure, better: str, span: Span, wanted: Decimal) -> list[Cause]:
    """The units, streets and categories that pull a rate away from what is wanted, those of most judgements first."""
    period = period_of(span.first, span.last, span.now)
    found: list[Cause] = []
    for subject in ("unit", "street", "category"):
        counts = counts_within(Scope(everything=True), subject, period)
        pulls = sorted(
            ((_pull(one[measure.code], wanted, better), key, one[measure.code]) for key, one in counts.items() if measure.code in one),
            key=lambda pull: (-pull[0], pull[1]),
        )  # fmt: skip
        worst = [pull for pull in pulls if pull[0] >= 1][:NAMED_CAUSES]
        names = names_of(subject, [key for _, key, _ in worst])
        found += [
            Cause(
                f"{SUBJECTS[subject]}“{names.get(key, key)}”{measure.name} {count.rate}%（{count.part}/{count.whole}），{_short(pull, better)}",
                _rows_address(measure.code, span, "whole", subject, key),
            )
            for pull, key, count in worst
        ]
    return found


def _pull(count: Count, wanted: Decimal, better: str) -> Decimal:
    """How many judgements a subject is away from its own share of the promise."""
    due = wanted * count.whole / 100
    return due - count.part if better == "more" else count.part - due


def _short(pull: Decimal, better: str) -> str:
    number = int(pull.to_integral_value(ROUND_CEILING))
    return f"比承诺少 {number} 件" if better == "more" else f"比承诺多 {number} 件"


def _rate_of(measure: Measure, span: Span) -> Measured:
    """The rate in percent over all judgements of the span, what is overdue and open counted as the assessment does.

    One that is overdue and one that was resolved too late count alike, so that a later look at the same days finds the same.
    """
    period = period_of(span.first, span.last, span.now)
    judged = measure.rows().filter(period.of(measure.at), measure.settled).exclude(measure.is_excluded)
    rows = _counting(judged, measure.part)
    if measure.pending is not None:
        late = measure.pending(period).exclude(measure.is_excluded)
        rows = rows.union(_counting(late, Value(False)), all=True)
    whole, part, digest = counted(rows)
    value = (Decimal(part) * 100 / whole).quantize(Decimal("0.01")) if whole else None
    return Measured(value, whole, digest, tuple(words_of(period, codes_of(measure.code))))


def _counting(rows: "QuerySet[Any]", part: Q | Value) -> "QuerySet[Any, Any]":
    """Pairs of a row's id and whether it counts in the part."""
    counts = ExpressionWrapper(part, BooleanField())
    return rows.order_by().annotate(counts=counts).values_list("pk", "counts")
