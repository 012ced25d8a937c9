"""Budgets that wait for whoever approves them."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from qushu.people.access import Actor
from qushu.people.agenda import Rank, Task, offer_tasks

from .queries import undecided


def offer_versions() -> None:
    """Put them where the cockpit finds them."""
    offer_tasks("budget-versions", "budget.approve", _waiting)


def _waiting(actor: Actor, now: datetime) -> Iterator[Task]:
    """Versions that somebody else has submitted."""
    for asked in undecided().exclude(by=actor.account_id):
        href = reverse("budget-version", args=[asked.version_id])
        yield Task(Rank.decision, "批复预算", 1, "稿", str(asked.version), href, "neutral", asked.at)
