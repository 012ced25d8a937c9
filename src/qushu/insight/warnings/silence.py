"""异常沉寂: a busy channel, or the whole centre, from which nothing comes: most often a line that is cut."""

from datetime import datetime, timedelta

import numpy as np
from django.db import connection

from qushu.cases.models import Channel

from .actions import Found, end_warning, report
from .models import Kind, Warning, WarningRule
from .ruling import span_words
from .tails import lower_tail

WEEKS = 8
LIKELY_LEVELS = (1e-3, 1e-5, 1e-8, 1e-12)


def watch_silence(now: datetime) -> int:
    """Raise a warning for each active channel that is silent where the same hours of eight weeks brought cases.

    The same window of each of the last weeks is read by one range of the index case_newest each.
    """
    rule = WarningRule.objects.get(kind=Kind.silence)
    if not rule.active:
        return 0
    span = timedelta(hours=rule.hours)
    windows = [(now - timedelta(weeks=week) - span, now - timedelta(weeks=week)) for week in range(WEEKS + 1)]
    counts = [_by_channel(*window) for window in windows]
    seen = set()
    for code, name in Channel.objects.filter(active=True).values_list("code", "name"):
        past = np.array([count.get(code, 0) for count in counts[1:]], float)
        expected = float(np.median(past))
        if counts[0].get(code, 0) or expected < rule.least:
            continue
        extra = max(0.05, float(past.var()) / expected**2 - 1 / expected)
        tail = float(lower_tail(np.array([0.0]), np.array([expected]), np.array([extra]))[0])
        level = sum(tail <= likely for likely in LIKELY_LEVELS) - 1
        if level < 0:
            continue
        seen.add(code)
        ground = f"渠道“{name}”{span_words(rule.hours)}内没有一件来件，前 {WEEKS} 周同一时段的中位数是 {expected:.0f} 件；请检查接入是否中断。"
        report(Found(Kind.silence, code, f"{name}没有来件", ground, level, now - span, 0, expected), rule, now)
    for warning in Warning.objects.filter(kind=Kind.silence, ended_at__isnull=True).exclude(series__in=seen):
        end_warning(warning, now)
    return len(seen)


def _by_channel(start: datetime, end: datetime) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel_id, count(*) FROM cases_case WHERE accepted_at > %s AND accepted_at <= %s GROUP BY 1",
            [start, end],
        )
        return dict(cursor.fetchall())
