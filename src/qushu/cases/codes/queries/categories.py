"""The category tree as people read it, and what a change of it does to deadlines."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from django.db.models import Q, QuerySet

from qushu.kernel.clocks import ClockRule as Rule
from qushu.kernel.clocks import RuleTable

from ...models import Case, Category, Channel, ClockRule
from ...models.clock import CLOCKS
from ...rulebook import Rulebook
from .clock_rules import about_words, allowance_words, rules_of

MOST_CASES = 1000


@dataclass(frozen=True)
class Branch:
    """A category of the first or second level with those below it."""

    category: Category
    below: list["Branch"]

    @property
    def names(self) -> str:
        """What lies directly below, in one line."""
        return "、".join(one.category.name for one in self.below if one.category.active)


def category_branches(with_inactive: bool) -> list[Branch]:
    """The whole tree in one read, by code."""
    rows = Category.objects.order_by("code")
    children: dict[int | None, list[Category]] = {}
    for row in rows if with_inactive else rows.filter(active=True):
        children.setdefault(row.parent_id, []).append(row)

    def below(parent: int | None) -> list[Branch]:
        return [Branch(row, below(row.pk)) for row in children.get(parent, [])]

    return below(None)


def find_categories(text: str, state: str) -> QuerySet[Category]:
    """Categories by name, code or common word."""
    found = Category.objects.select_related("merged_into")
    if text:
        found = found.filter(Q(full_name__icontains=text) | Q(code__istartswith=text) | Q(keywords__icontains=text))
    if state:
        found = found.filter(active=state == "active")
    return found


def count_cases(category: Category) -> int:
    """How many cases have this very category, counted up to MOST_CASES + 1 (index case_category_newest)."""
    return Case.objects.filter(category=category).order_by()[: MOST_CASES + 1].count()


def ids_below(category: Category) -> set[int]:
    """The category's id and those of all below it."""
    found, edge = {category.pk}, {category.pk}
    while edge:
        edge = set(Category.objects.filter(parent_id__in=edge).values_list("pk", flat=True)) - found
        found |= edge
    return found


@dataclass(frozen=True)
class Difference:
    """A clock for which another line will win, for how many of the moved categories."""

    clock: str
    before: str
    after: str
    categories: int


def differences_of_move(category: Category, parent: Category, book: Rulebook, now: datetime) -> list[Difference]:
    """Which lines will win instead of which, for new clocks of the moved categories, once it lies below `parent`."""
    moved = frozenset(ids_below(category))
    rows = ClockRule.objects.select_related("category", "channel").in_bulk()
    left, reached = _above(category.parent), _above(parent)
    before = list(rules_of(book))
    after = [_moved(rule, rows[rule.id].category_id, moved, left - reached, reached - left) for rule in before]
    if after == before:
        return []
    found: dict[tuple[str, int, int], set[int]] = {}
    tables, channels = (RuleTable(before), RuleTable(after)), [*Channel.objects.values_list("pk", flat=True), None]
    kinds, urgencies = Case.Kind.values, Case.Urgency.values
    for (clock, _), kind, urgency, channel, one in product(CLOCKS, kinds, urgencies, channels, moved):
        old, new = (table.find(clock, kind, urgency, one, channel, now) for table in tables)
        if old != new and (old and old.id) != (new and new.id):
            found.setdefault((clock, old.id if old else 0, new.id if new else 0), set()).add(one)
    names = dict(CLOCKS)
    return [
        Difference(names[clock], _words(rows.get(old)), _words(rows.get(new)), len(categories))
        for (clock, old, new), categories in found.items()
    ]


def _above(category: Category | None) -> set[int]:
    found = set()
    while category is not None:
        found.add(category.pk)
        category = category.parent
    return found


def _moved(rule: Rule, named: int | None, moved: frozenset[int], left: Iterable[int], reached: Iterable[int]) -> Rule:
    if rule.category_ids is None or named not in {*left, *reached}:
        return rule
    ids = rule.category_ids - moved if named in set(left) else rule.category_ids | moved
    return replace(rule, category_ids=ids)


def _words(row: ClockRule | None) -> str:
    return f"规则 {row.pk}（{about_words(row)}，{allowance_words(row)}）" if row else "没有规则，不计时"
