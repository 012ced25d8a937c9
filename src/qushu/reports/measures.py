"""What reports can say of themselves to the ledger: how many were signed, by kind, and the annual one in time."""

from collections.abc import Callable
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from qushu.hotline.assessment.periods import DAY, period_of
from qushu.hotline.measures import count_of
from qushu.kernel.measures import Measured, Span, SystemMeasure, offer

from .models import Kind, Version

SYSTEM = "大数据智能分析"
SIGNED = (Version.State.signed, Version.State.archived)
Rows = QuerySet[Version]


def offer_measures() -> None:
    """Put them where the ledger finds them."""
    offer(
        _measure("reports.monthly", "签发的月报", "期内月份的月报，每月计一份，已签发", _of_period(Kind.monthly), "monthly",
                 ("月报", "全年完成月报数量", "分析月报", "热线月报", "月度分析报告")),
        _measure("reports.thematic", "签发的专题报告", "期内签发的专题报告", _signed_within(Kind.thematic), "thematic",
                 ("专题报告", "专题分析报告", "专报")),
        _measure("reports.annual", "签发的年报", "期内签发的年报", _signed_within(Kind.annual), "annual",
                 ("年报", "年度报告", "年度分析报告")),
        _measure("reports.annual_in_time", "二月底前签发的年报", "期内签发、签发日期不晚于当年二月底的年报", _in_time, "annual",
                 ("年报完成时间", "年度报告完成时限", "次年2月底完成年度分析报告")),
    )  # fmt: skip


def _measure(
    code: str, name: str, formula: str, rows: Callable[[Span], Rows], kind: str, aliases: tuple[str, ...]
) -> SystemMeasure:
    def read(span: Span) -> Measured:
        return count_of(rows(span), span)

    def address(span: Span) -> str:
        return f"{reverse('reports')}?{urlencode([('kind', kind), ('year', str(span.first.year))])}"

    return SystemMeasure(code, SYSTEM, name, "份", formula, 1, "more", True, read, address, aliases)


def _first_signed(kind: str) -> Rows:
    """The first signed version of each report: a correction is no second report."""
    signed = Version.objects.filter(report__kind=kind, signed_at__isnull=False, state__in=SIGNED)
    return Version.objects.filter(pk__in=signed.order_by("report", "number").distinct("report").values("pk"))


def _of_period(kind: str) -> Callable[[Span], Rows]:
    return lambda span: _first_signed(kind).filter(
        report__last__range=(span.first, span.last), report__scope="", signed_at__lte=span.now
    )


def _signed_within(kind: str) -> Callable[[Span], Rows]:
    return lambda span: _first_signed(kind).filter(
        period_of(span.first, span.last, span.now).of("signed_at"), Q(signed_at__lte=span.now)
    )


def _in_time(span: Span) -> Rows:
    year = span.last.year
    due = period_of(date(year, 1, 1), date(year, 3, 1) - DAY, span.now)
    return _signed_within(Kind.annual)(span).filter(due.of("signed_at"), report__last__year=year - 1)
