"""Budgets that wait for whoever approves them."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from qushu.people.access import Actor
from qushu.people.agenda import Rank, Task, offer_tasks

from .queries import hands, undecided


def offer_versions() -> None:
    """Put them where the cockpit finds them."""
    offer_tasks("budget-versions", "budget.approve", _waiting)


def _waiting(actor: Actor, now: datetime) -> Iterator[Task]:
    """Submitted versions that the actor has no hand in."""
    for asked in undecided():
        if actor.account_id in hands(asked.version):
            continue
        href = reverse("budget-version", args=[asked.version_id])
        yield Task(Rank.decision, "批复预算", 1, "稿", str(asked.version), href, "neutral", asked.at)
