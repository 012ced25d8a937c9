"""异常沉寂: a busy channel, or the whole centre, from which nothing comes: most often a line that is cut."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import numpy as np
from django.db import connection

from qushu.cases.models import Channel

from .actions import Found, report_all
from .models import Kind, WarningRule
from .ruling import span_words
from .tails import lower_tail

WEEKS = 8
LIKELY_LEVELS = (1e-3, 1e-5, 1e-8, 1e-12)


Counts = Callable[[datetime, datetime], Mapping[str, int]]
"""Cases by channel between two moments."""


def watch_silence(now: datetime) -> int:
    """Raise a warning for each active channel that is silent where the same hours of eight weeks brought cases."""
    rule = WarningRule.objects.get(kind=Kind.silence)
    return report_all(silent_at(rule, now, by_channel), rule, now) if rule.active else 0


def silent_at(rule: WarningRule, now: datetime, counted: Counts) -> list[Found]:
    """Channels from which nothing came in the rule's hours before a moment, and how unlikely that is.

    The same window of each of the last weeks is read by one range of the index case_newest each.
    """
    span = timedelta(hours=rule.hours)
    windows = [(now - timedelta(weeks=week) - span, now - timedelta(weeks=week)) for week in range(WEEKS + 1)]
    counts = [counted(*window) for window in windows]
    found = []
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
        ground = f"渠道“{name}”{span_words(rule.hours)}内没有一件来件，前 {WEEKS} 周同一时段的中位数是 {expected:.0f} 件；请检查接入是否中断。"
        found.append(Found(Kind.silence, code, f"{name}没有来件", ground, level, now - span, 0, expected))
    return found


def by_channel(start: datetime, end: datetime) -> dict[str, int]:
    """Cases by channel accepted between two moments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel_id, count(*) FROM cases_case WHERE accepted_at > %s AND accepted_at <= %s GROUP BY 1",
            [start, end],
        )
        return dict(cursor.fetchall())
