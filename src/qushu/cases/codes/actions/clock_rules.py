"""时限规则: a line is never overwritten. A change ends it and makes another; clocks that run keep what they were given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from qushu.kernel.clocks import Measure, amount_words
from qushu.kernel.errors import Missing, Refused
from qushu.people import audit
from qushu.people.access import Actor, require

from ...models import Category, Channel, ClockRule
from ...models.clock import CLOCKS, MEASURES

WRITE = "codes.write"
GAP = 10
LATE_FORM = timedelta(minutes=15)
"""A moment that passed while somebody filled in the form means now."""

MOST = {"natural_minutes": 366 * 24 * 60, "working_minutes": 366 * 390, "working_days": 366}


@dataclass(frozen=True)
class RuleFacts:
    """What a line says. Empty kind and urgency, no category, no channel: any. `amount` counts the measure."""

    clock: str
    amount: int
    measure: str
    kind: str = ""
    urgency: str = ""
    category: Category | None = None
    channel: Channel | None = None
    source: str = ""


def add_rule(
    actor: Actor, facts: RuleFacts, before_id: int | None, since: datetime | None, now: datetime, reason: str = ""
) -> ClockRule:
    """A new line in front of another of its clock, or after the last. It counts from `since` (aware; None: now)."""
    require(actor, WRITE)
    _check(facts)
    with transaction.atomic():
        rows = _lines()
        begins = beginning(since, now)
        rule = _insert(rows, facts, _in_front(rows, facts.clock, before_id), begins, None)
        said = audit.changes({}, shown(rule))
        audit.record(actor, "rule.added", subject_of(rule), reason, said, now=now)
    return rule


def change_rule(
    actor: Actor, rule_id: int, facts: RuleFacts, since: datetime | None, now: datetime, reason: str = ""
) -> ClockRule:
    """End the line at `since` (aware; None: now) and put another in its place from then on.

    Raises Forbidden; Refused when nothing differs, the moment has passed, or the line ends already.
    """
    require(actor, WRITE)
    _check(facts)
    with transaction.atomic():
        rows = _lines()
        old, begins = _open_line(rows, rule_id), beginning(since, now)
        if facts.clock != old.clock:
            raise Refused("时限种类不能改，请另加一条规则。没有改动。", code="rule_clock", field="clock")
        if facts == facts_of(old):
            raise Refused("内容与现在的规则相同。没有改动。", code="rule_same")
        new = _insert(rows, facts, _next_of(rows, old), begins, old)
        said = audit.changes(shown(old), shown(new))
        _end(old, begins)
        audit.record(actor, "rule.changed", subject_of(new), reason, said, now=now)
    return new


def move_rule(
    actor: Actor, rule_id: int, before_id: int | None, since: datetime | None, now: datetime, reason: str = ""
) -> ClockRule:
    """Let the line stand in front of another of its clock (None: after the last) from `since` on."""
    require(actor, WRITE)
    with transaction.atomic():
        rows = _lines()
        old, begins = _open_line(rows, rule_id), beginning(since, now)
        before = _in_front(rows, old.clock, before_id)
        if before in (old, _next_of(rows, old)):
            raise Refused("规则已经在这个位置。没有改动。", code="rule_same")
        new = _insert(rows, facts_of(old), before, begins, old)
        _end(old, begins)
        where = f"规则 {before.pk} 之前" if before else "最后"
        said = audit.changes({}, {"place": where, "effective_from": _words(begins)})
        audit.record(actor, "rule.moved", subject_of(new), reason, said, now=now)
    return new


def end_rule(actor: Actor, rule_id: int, at: datetime | None, now: datetime, reason: str = "") -> ClockRule:
    """The line counts until `at` (aware; None: now) and no longer."""
    require(actor, WRITE)
    with transaction.atomic():
        rule, ends = _open_line(_lines(), rule_id), beginning(at, now)
        _end(rule, ends)
        said = audit.changes({"effective_to": ""}, {"effective_to": _words(ends)})
        audit.record(actor, "rule.ended", subject_of(rule), reason, said, now=now)
    return rule


def withdraw_rule(actor: Actor, rule_id: int, now: datetime, reason: str = "") -> ClockRule:
    """A line that doesn't count yet never will; the one it was to replace goes on. Also takes back a planned end.

    Raises Refused when the line counts already, and nothing is planned for it.
    """
    require(actor, WRITE)
    with transaction.atomic():
        rule = _line(_lines(), rule_id)
        before: ClockRule | None
        if rule.effective_from <= now:
            before = _take_back_end(rule, now)
        else:
            before = rule.replaces
            rule.effective_to = rule.effective_from
            rule.save(update_fields=["effective_to"])
            if before is not None and before.effective_to == rule.effective_from:
                before.effective_to = None
                before.save(update_fields=["effective_to"])
        said = {"goes_on": before.pk} if before else {}
        audit.record(actor, "rule.withdrawn", subject_of(rule), reason, said, now=now)
    return rule


def _take_back_end(rule: ClockRule, now: datetime) -> ClockRule:
    planned = rule.effective_to is not None and rule.effective_to > now
    if not planned:
        raise Refused("规则已经生效，只能修改或停用。没有改动。", code="rule_in_force")
    if any(one.effective_to is None or one.effective_to > one.effective_from for one in rule.successors.all()):
        raise Refused("已经有接替它的规则，请撤回那一条。没有改动。", code="rule_replaced")
    rule.effective_to = None
    rule.save(update_fields=["effective_to"])
    return rule


def facts_of(rule: ClockRule) -> RuleFacts:
    """What the line says."""
    return RuleFacts(
        rule.clock, rule.amount, rule.measure, rule.kind, rule.urgency, rule.category, rule.channel, rule.source
    )


def subject_of(rule: ClockRule) -> str:
    """How the audit trail names a line."""
    return f"rule:{rule.pk}"


def shown(rule: ClockRule) -> dict[str, object]:
    """The line in words, for the audit trail."""
    return {
        "clock": rule.get_clock_display(),
        "kind": rule.get_kind_display(),
        "urgency": rule.get_urgency_display(),
        "category": rule.category.full_name if rule.category else "",
        "channel": rule.channel.name if rule.channel else "",
        "allowance": amount_words(rule.amount, Measure(rule.measure)),
        "source": rule.source,
        "effective_from": _words(rule.effective_from),
    }


def _words(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _lines() -> list[ClockRule]:
    """All lines in their order, kept from others until the transaction ends; clocks may still point to them."""
    rows = ClockRule.objects.select_for_update(of=("self",), no_key=True).select_related(
        "category", "channel", "replaces"
    )
    return list(rows.order_by("priority", "id"))


def _line(rows: list[ClockRule], rule_id: int) -> ClockRule:
    found = next((row for row in rows if row.pk == rule_id), None)
    if found is None:
        raise Missing("没有这条时限规则。")
    return found


def _open_line(rows: list[ClockRule], rule_id: int) -> ClockRule:
    rule = _line(rows, rule_id)
    if rule.effective_to is not None:
        raise Refused("这条规则已停用或已定下停用时间，请改接替它的规则。没有改动。", code="rule_ended")
    return rule


def _check(facts: RuleFacts) -> None:
    if facts.clock not in dict(CLOCKS) or facts.measure not in dict(MEASURES):
        raise Refused("没有这种时限或单位。没有改动。", code="unknown_value")
    if not 0 < facts.amount <= MOST[facts.measure]:
        raise Refused(f"时长须在 1 到 {MOST[facts.measure]} 之间。没有改动。", code="rule_amount", field="amount")
    if facts.category is not None and not facts.category.active:
        raise Refused("这个类别已停用，请换一个。没有改动。", code="inactive", field="category")
    if facts.channel is not None and not facts.channel.active:
        raise Refused("这个渠道已停用，请换一个。没有改动。", code="inactive", field="channel")


def beginning(since: datetime | None, now: datetime) -> datetime:
    """The moment from which a change counts. Raises Refused when it has passed."""
    if since is None or now - LATE_FORM <= since <= now:
        return now
    if since < now:
        raise Refused("时间已经过去；规则只能从现在或以后改，已经起算的期限不变。没有改动。", code="rule_past")
    return since


def _end(rule: ClockRule, at: datetime) -> None:
    # A line that hasn't begun ends before it counts.
    rule.effective_to = max(at, rule.effective_from)
    rule.save(update_fields=["effective_to"])


def _next_of(rows: list[ClockRule], rule: ClockRule) -> ClockRule | None:
    following = rows[rows.index(rule) + 1 :]
    return next((row for row in following if row.clock == rule.clock), None)


def _in_front(rows: list[ClockRule], clock: str, before_id: int | None) -> ClockRule | None:
    if before_id is None:
        return None
    before = _line(rows, before_id)
    if before.clock != clock:
        raise Refused("只能排在同一种时限的规则之间。没有改动。", code="rule_clock", field="before")
    return before


def _insert(
    rows: list[ClockRule], facts: RuleFacts, before: ClockRule | None, begins: datetime, replaces: ClockRule | None
) -> ClockRule:
    """A new row right in front of `before` (None: at the very end)."""
    if replaces is not None and begins < replaces.effective_from:
        begins = replaces.effective_from
    columns = {name: getattr(facts, name) for name in facts.__dataclass_fields__}
    return ClockRule.objects.create(
        priority=_priority_before(rows, before), effective_from=begins, replaces=replaces, **columns
    )


def _priority_before(rows: list[ClockRule], before: ClockRule | None) -> int:
    """A priority that sorts a new row, whose id is the greatest, right in front of `before`."""
    if before is None:
        return (rows[-1].priority if rows else 0) + GAP
    at = rows.index(before)
    above = rows[at - 1].priority if at else -1
    if above == before.priority or before.priority == 0:
        # No number is free between them: the same order with room in it.
        for number, row in enumerate(rows, 1):
            row.priority = number * GAP
        ClockRule.objects.bulk_update(rows, ["priority"])
        above = (at or 0) * GAP
    return max(above, before.priority - GAP // 2, 0)
