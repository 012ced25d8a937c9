"""Reading the deadline table as people do: which line wins, why another doesn't, which never can, what has no line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from qushu.kernel.clocks import ClockRule


def code_fault(code: str, longest: int) -> str:
    """What is wrong with a new code of a table, in words for people; empty when nothing is."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", code) or len(code) > longest:
        return f"代码须为 1 到 {longest} 位字母、数字或 . _ -，以字母或数字开头"
    return ""


@dataclass(frozen=True)
class Point:
    """A case as the table sees it; None for a category or a channel that no line names."""

    kind: str | None
    urgency: str | None
    category_id: int | None
    channel: str | None


@dataclass(frozen=True)
class Domain:
    """All values that a case may have."""

    kinds: tuple[str, ...]
    urgencies: tuple[str, ...]


def in_force(rule: ClockRule, at: datetime) -> bool:
    """Whether the line counts at the moment (aware)."""
    return rule.effective_from <= at and (rule.effective_to is None or at < rule.effective_to)


def matches(rule: ClockRule, point: Point) -> bool:
    """Whether the line is about such a case, whatever the moment."""
    return not differences(rule, point)


def differences(rule: ClockRule, point: Point) -> list[str]:
    """What of the case the line isn't about: kind, urgency, category, channel."""
    found = []
    if rule.kind not in (None, point.kind):
        found.append("kind")
    if rule.urgency not in (None, point.urgency):
        found.append("urgency")
    if rule.category_ids is not None and point.category_id not in rule.category_ids:
        found.append("category")
    if rule.channel not in (None, point.channel):
        found.append("channel")
    return found


def place(rule: ClockRule) -> tuple[int, int]:
    """Where the line stands: the smaller wins."""
    return rule.priority, rule.id


def hidden_by(rule: ClockRule, rules: Sequence[ClockRule], domain: Domain, now: datetime) -> list[ClockRule]:
    """The earlier lines that together leave no case to this one, now and as long as it counts; [] when it may win."""
    begins = max(rule.effective_from, now)
    earlier = [one for one in rules if one.clock == rule.clock and place(one) < place(rule)]
    # What may win changes only when an earlier line ends.
    ends = (one.effective_to for one in earlier if one.effective_to is not None)
    moments = [begins, *(end for end in ends if end > begins and in_force(rule, end))]
    hiding: dict[int, ClockRule] = {}
    for at in moments:
        found = _hiding(rule, [one for one in earlier if in_force(one, at)], domain)
        if not found:
            return []
        hiding |= {one.id: one for one in found}
    return sorted(hiding.values(), key=place)


def _hiding(rule: ClockRule, earlier: list[ClockRule], domain: Domain) -> list[ClockRule]:
    earlier.sort(key=place)
    found: list[ClockRule] = []
    for point in _points([rule, *earlier], domain):
        if not matches(rule, point):
            continue
        winner = next((one for one in earlier if matches(one, point)), None)
        if winner is None:
            return []
        if winner not in found:
            found.append(winner)
    return found


def holes(clock: str, rules: Sequence[ClockRule], domain: Domain, at: datetime) -> list[Point]:
    """Cases that get no time of this clock at the moment: no line is about them."""
    lines = [rule for rule in rules if rule.clock == clock and in_force(rule, at)]
    return [point for point in _points(lines, domain) if not any(matches(rule, point) for rule in lines)]


def has_last_line(clock: str, rules: Sequence[ClockRule], at: datetime) -> bool:
    """Whether one line of the clock is about every case, whatever will be added to the lists."""
    return any(
        rule.clock == clock
        and in_force(rule, at)
        and (rule.kind, rule.urgency, rule.category_ids, rule.channel) == (None, None, None, None)
        for rule in rules
    )


def _points(lines: Sequence[ClockRule], domain: Domain) -> Iterator[Point]:
    """One case for each way in which these lines can tell cases apart."""
    kinds = _told_apart(domain.kinds, {rule.kind for rule in lines})
    urgencies = _told_apart(domain.urgencies, {rule.urgency for rule in lines})
    channels: list[str | None] = [*sorted({rule.channel for rule in lines if rule.channel is not None}), None]
    for values in product(kinds, urgencies, _categories(lines), channels):
        yield Point(*values)


def _told_apart(values: Sequence[str], named: set[str | None]) -> list[str]:
    """The values that lines name, and one of the others."""
    other = [value for value in values if value not in named][:1]
    return [value for value in values if value in named] + other


def _categories(lines: Sequence[ClockRule]) -> list[int | None]:
    """One category for each combination of lines that it belongs to, and None for those that no line names."""
    groups = list({rule.category_ids for rule in lines if rule.category_ids is not None})
    found: dict[frozenset[int], int] = {}
    for category in sorted(set[int]().union(*groups)):
        found.setdefault(frozenset(n for n, group in enumerate(groups) if category in group), category)
    return [*found.values(), None]
