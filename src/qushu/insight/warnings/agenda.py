"""Warnings that nobody has acknowledged, for those who answer them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse

from qushu.people.access import Actor
from qushu.people.agenda import Rank, Task, offer_tasks

from .models import Level, Warning
from .queries import visible_warnings

DANGER = (Level.red, Level.orange)


def offer_unanswered() -> None:
    """Put it where the cockpit finds it."""
    offer_tasks("warnings", "warnings.answer", _unanswered)


def _unanswered(actor: Actor, now: datetime) -> Iterator[Task]:
    """One task a level, the newest warning named; two reads (indexes warning_due, warning_level_newest)."""
    waiting = visible_warnings(actor, "warnings.answer").filter(state=Warning.State.raised)
    found = list(waiting.order_by().values_list("level").annotate(Count("pk"), Min("answer_due_at")))
    newest_first = waiting.order_by("level", "-raised_at", "-id").distinct("level")
    titles = dict(newest_first.values_list("level", "title")) if found else {}
    for code, count, due in sorted(found, reverse=True):
        level, newest = Level(code), titles.get(code, "")
        why = f"{newest}；已过确认时限" if due < now else newest
        yield Task(
            Rank.danger if level in DANGER else Rank.answer,
            f"确认{level.label}预警",
            count,
            "条",
            why,
            f"{reverse('warnings')}?state={Warning.State.raised}&level={code}",
            {Level.red: "late", Level.orange: "warn"}.get(level, "neutral"),
            due,
        )
