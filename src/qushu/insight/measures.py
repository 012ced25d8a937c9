"""What the analysis system can say of itself: matters found, warnings raised and answered in time, its own faults."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from qushu.hotline.assessment.periods import period_of
from qushu.hotline.measures import count_of
from qushu.kernel.measures import Measured, Span, SystemMeasure, counted, offer

SYSTEM = "大数据智能分析"


def offer_measures() -> None:
    """Put them where the ledger finds them."""
    offer(
        SystemMeasure(
            "insight.matters", SYSTEM, "发现群体事项", "个", "期内系统或人发现的事项", 1, "more", True,
            lambda span: count_of(_matters(span), span), lambda span: _address("matters", span, "found_from", "found_to", state="all"),
        ),
        SystemMeasure(
            "insight.warnings", SYSTEM, "发出预警", "条", "期内发出的预警", 1, "more", True,
            lambda span: count_of(_warnings(span), span), lambda span: _address("warnings", span, "from", "to", found="then"),
        ),
        SystemMeasure(
            "insight.answered_in_time", SYSTEM, "预警按时确认率", "%",
            "确认时限内确认的预警 ÷ 期内发出且已确认或已过时限的预警", 1, "more", False,
            _answered_in_time, lambda span: _address("warnings", span, "from", "to", found="then"), ("预警按时处置率",),
        ),
        SystemMeasure(
            "insight.faults", SYSTEM, "系统故障", "次", "期内开始的分析系统故障，系统自记和人记的都算，同一部分同时只算一次", 1,
            "less", True, lambda span: count_of(_faults(span), span), lambda span: _address("faults", span, "from", "to"),
            ("分析系统故障全年不高于", "分析系统故障", "系统故障次数"),
        ),
    )  # fmt: skip


def _matters(span: Span) -> "QuerySet[Any]":
    from .matters.models import Matter  # the tables of the parts below are there once Django has started

    return Matter.objects.filter(period_of(span.first, span.last, span.now).of("created_at"))


def _warnings(span: Span) -> "QuerySet[Any]":
    from .warnings.models import Warning

    return Warning.objects.filter(period_of(span.first, span.last, span.now).of("raised_at"), hindsight=False)


def _faults(span: Span) -> "QuerySet[Any]":
    from .faults.models import Fault

    return Fault.objects.filter(period_of(span.first, span.last, span.now).of("started_at"))


def _answered_in_time(span: Span) -> Measured:
    """In percent with two places; what nobody has answered counts once its time is over."""
    due = _warnings(span).filter(Q(acknowledged_at__isnull=False) | Q(answer_due_at__lt=span.now))
    in_time = Q(acknowledged_at__isnull=False, acknowledged_at__lte=F("answer_due_at"))
    judged = due.order_by().annotate(counts=ExpressionWrapper(in_time, BooleanField())).values_list("pk", "counts")
    whole, part, digest = counted(judged)
    value = (Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None
    return Measured(value, whole, digest)


def _address(route: str, span: Span, first: str, last: str, **more: str) -> str:
    return f"{reverse(route)}?{urlencode({first: span.first.isoformat(), last: span.last.isoformat(), **more})}"
