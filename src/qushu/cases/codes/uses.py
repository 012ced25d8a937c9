"""What a code is used by: asked before it is deactivated, moved or merged. Rooms downstream add their own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from qushu.kernel.errors import Refused
from qushu.people.access import Actor

from ..models import Category, ClockRule


@dataclass(frozen=True)
class Use:
    """One place where a code is used: in words, and the page on which it can be changed."""

    words: str
    link: str


category_uses: list[Callable[[Category, datetime], list[Use]]] = []
"""Asked for what uses a category from the moment on, beside the deadline rules."""

category_merged: list[Callable[[Actor, Category, Category, datetime], str]] = []
"""Told in the transaction in which the first category is merged into the second: what else was done, in words."""

channel_needs: dict[str, str] = {}
"""Channels that a way in writes by their code, and that way's name: they can't be deactivated."""


class InUse(Refused):
    """A code is still used; `uses` says where."""

    code = "in_use"

    def __init__(self, message: str, uses: list[Use]) -> None:
        super().__init__(message)
        self.uses = uses


def uses_of_category(category: Category, now: datetime) -> list[Use]:
    """The deadline rules that name the category and count now or later, and what other rooms say."""
    found = rule_uses(ClockRule.objects.filter(category=category), now)
    for ask in category_uses:
        found += ask(category, now)
    return found


def rule_uses(rules: Iterable[ClockRule], now: datetime) -> list[Use]:
    """Those of these rules that count now or later."""
    return [
        Use(f"时限规则 {rule.pk}（{rule.get_clock_display()}）", reverse("clock-rule", args=[rule.pk]))
        for rule in rules
        if counts_on(rule, now)
    ]


def counts_on(rule: ClockRule, now: datetime) -> bool:
    """Whether the rule counts now or will."""
    return rule.effective_to is None or rule.effective_to > max(now, rule.effective_from)
