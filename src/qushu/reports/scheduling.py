"""Drafts that are made when their period has ended, once each."""

from datetime import date, datetime

from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.kernel.errors import Refused
from qushu.people.access import SYSTEM

from .actions import make_report
from .models import Kind, Report, Version
from .periods import newest_ended
from .queries import newest_template

IN_ORDER = (Kind.daily, Kind.weekly, Kind.monthly, Kind.annual)


def make_due_drafts(now: datetime) -> list[Version]:
    """Draft the newest ended day, week, month and year, for those kinds whose template says so; nothing twice.

    A period without cases has no report.
    """
    made = []
    for kind in IN_ORDER:
        span = newest_ended(kind, timezone.localdate(now, SHANGHAI))
        if not newest_template(kind).automatic or _there(kind, *span):
            continue
        try:
            made.append(make_report(SYSTEM, kind, *span, now))
        except Refused as refused:
            if refused.code != "empty":
                raise
    return made


def _there(kind: str, first: date, last: date) -> bool:
    return Report.objects.filter(kind=kind, first=first, last=last, scope="").exists()
