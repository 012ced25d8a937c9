"""催办阶梯: steps are ordered by their moment. Clocks that run follow a change from their next step on.

A step whose moment has passed for a clock when the ladder changes is not made up for, so that a new step doesn't press
hundreds of cases at once; a step that was due and not yet taken is taken.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from qushu.kernel.clocks import Measure, Shift, Step, next_step, paused_time
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.locks import Busy, giving_way
from qushu.people import audit
from qushu.people.access import Actor, require

from ...models import Clock, LadderStep
from ...models.clock import CLOCKS, MEASURES
from ...rulebook import Rulebook, rulebook

WRITE = "codes.write"
BLOCK = 100
"""Orders of one clock's steps: 100 to 199 for the first clock, 200 to 299 for the second, …"""


@dataclass(frozen=True)
class StepFacts:
    """A step: at `percent` of the time, or `overdue_amount` of the measure after the deadline; exactly one of them."""

    clock: str
    percent: int | None
    overdue_amount: int | None
    action: str
    receiver: str
    overdue_measure: str = "working_days"
    active: bool = True


def add_step(actor: Actor, facts: StepFacts, now: datetime, reason: str = "") -> tuple[LadderStep, int]:
    """A new step, and how many running clocks follow the ladder with it."""
    require(actor, WRITE)
    with transaction.atomic():
        taken = _taken_steps()
        _check(facts, None)
        free = (LadderStep.objects.order_by("-order").values_list("order", flat=True).first() or 0) + 1
        step = LadderStep.objects.create(order=free, **_columns(facts))
        count = _follow(facts.clock, taken, now)
        step.refresh_from_db()
        said = audit.changes({}, shown(step)) | {"running": count}
        audit.record(actor, "ladder.added", subject_of(step), reason, said, now=now)
    return step, count


def change_step(
    actor: Actor, step_id: int, facts: StepFacts, now: datetime, reason: str = ""
) -> tuple[LadderStep, int]:
    """Change a step, switch it off or on, and how many running clocks follow the ladder with that."""
    require(actor, WRITE)
    with transaction.atomic():
        taken = _taken_steps()
        step = LadderStep.objects.filter(pk=step_id).first()
        if step is None:
            raise Missing("没有这一级。")
        _check(facts, step)
        before = shown(step)
        for name, value in _columns(facts).items():
            setattr(step, name, value)
        said = audit.changes(before, shown(step))
        if not said:
            raise Refused("内容与现在相同。没有改动。", code="ladder_same")
        step.save()
        count = _follow(facts.clock, taken, now)
        audit.record(actor, "ladder.changed", subject_of(step), reason, said | {"running": count}, now=now)
    step.refresh_from_db()
    return step, count


def subject_of(step: LadderStep) -> str:
    """How the audit trail names a step."""
    return f"ladder:{step.pk}"


def moment_words(step: LadderStep) -> str:
    """When the step is due, in words."""
    if step.percent is not None:
        return f"时限用去 {step.percent}% 时"
    if not step.overdue_amount:
        return "超期时"
    return f"超期 {step.overdue_amount} {step.get_overdue_measure_display()}后"


def shown(step: LadderStep) -> dict[str, object]:
    """The step in words, for the audit trail."""
    return {
        "clock": step.get_clock_display(),
        "moment": moment_words(step),
        "action": step.get_action_display(),
        "receiver": step.get_receiver_display(),
        "active": step.active,
    }


def _columns(facts: StepFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


def _check(facts: StepFacts, step: LadderStep | None) -> None:
    known = (dict(CLOCKS), dict(MEASURES), dict(LadderStep.ACTIONS), dict(LadderStep.RECEIVERS))
    said = (facts.clock, facts.overdue_measure, facts.action, facts.receiver)
    fault = ""
    if any(value not in words for value, words in zip(said, known, strict=True)):
        fault = "有选项不在列表里"
    elif (facts.percent is None) == (facts.overdue_amount is None):
        fault = "请填“已用时限”或“超期”，二者只填一个"
    elif facts.percent is not None and not 1 <= facts.percent <= 100:
        fault = "已用时限须在 1% 到 100% 之间"
    elif facts.overdue_amount is not None and not 0 <= facts.overdue_amount <= 100_000:
        fault = "超期数量须在 0 到 100000 之间"
    elif step is not None and step.clock != facts.clock:
        fault = "时限种类不能改，请停用这一级，另加一级"
    elif LadderStep.objects.filter(**_columns(facts)).exclude(pk=step.pk if step else 0).exists():
        fault = "已有完全相同的一级"
    if fault:
        raise Refused(f"{fault}。没有改动。", code="ladder")


def _taken_steps() -> dict[int, int]:
    """{order: step id} as it is before the change, kept from others until the transaction ends."""
    return {step.order: step.pk for step in LadderStep.objects.select_for_update().order_by("order")}


def _follow(clock: str, taken: dict[int, int], now: datetime) -> int:
    """Number the steps by their moments, and let the running clocks go on from there: how many those are."""
    _number_steps()
    return _turn_running_clocks(clock, taken, rulebook(), now)


def _number_steps() -> None:
    places = {name: place for place, (name, _) in enumerate(CLOCKS, 1)}
    steps = sorted(LadderStep.objects.all(), key=lambda step: (places[step.clock], _moment_key(step), step.pk))
    numbered: dict[str, int] = {}
    for number, step in enumerate(steps, 1):
        step.order = 10_000 + number  # out of the way of the unique numbers
    LadderStep.objects.bulk_update(steps, ["order"])
    for step in steps:
        numbered[step.clock] = numbered.get(step.clock, -1) + 1
        step.order = places[step.clock] * BLOCK + numbered[step.clock]
    LadderStep.objects.bulk_update(steps, ["order"])


def _moment_key(step: LadderStep) -> tuple[int, timedelta]:
    if step.percent is not None:
        return step.percent, timedelta()
    amount = step.overdue_amount or 0
    a_day = {"natural_minutes": timedelta(minutes=1), "working_minutes": timedelta(minutes=4)}
    return 101, amount * a_day.get(step.overdue_measure, timedelta(days=1))


def _turn_running_clocks(name: str, taken: dict[int, int], book: Rulebook, now: datetime) -> int:
    orders = dict(LadderStep.objects.values_list("pk", "order"))
    clocks = _running_clocks(name)
    for clock in clocks:
        climbed = max((orders[taken[one]] for one in taken if one <= clock.ladder_order), default=0)
        _turn(clock, climbed, book, now)
    _write_places(clocks)
    return len(clocks)


def _write_places(clocks: list[Clock]) -> None:
    """One statement for all: Django's own bulk_update takes longer than everything else together."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Clock._meta.db_table} AS clock SET ladder_order = new.ladder_order, next_step_at = new.at "
            "FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) AS new (id, ladder_order, at) "
            "WHERE clock.id = new.id",
            [
                [clock.pk for clock in clocks],
                [clock.ladder_order for clock in clocks],
                [clock.next_step_at for clock in clocks],
            ],
        )


def _running_clocks(name: str) -> list[Clock]:
    """The clocks of this name that run, locked (index clock_running)."""
    running = Clock.objects.filter(name=name, stopped_at__isnull=True).order_by("id")
    try:
        with giving_way():
            return list(running.select_for_update(no_key=True).prefetch_related("shifts"))
    except Busy as busy:
        raise Refused("有工单正在办理，阶梯暂时改不了，请再保存一次。没有改动。", code="busy") from busy


def _turn(clock: Clock, climbed: int, book: Rulebook, now: datetime) -> None:
    """Set how far the clock has climbed the new ladder, and its next step."""
    was_due = clock.next_step_at is not None and clock.next_step_at <= now
    passed = [climbed]
    following = _next(clock, climbed, book)
    while following is not None and following[1] <= now:
        passed.append(following[0].order)
        following = _next(clock, passed[-1], book)
    if was_due and len(passed) > 1:
        passed.pop()
        following = _next(clock, passed[-1], book)
    clock.ladder_order = passed[-1]
    clock.next_step_at = following[1] if following and clock.paused_at is None else None


def _next(clock: Clock, after: int, book: Rulebook) -> tuple[Step, datetime] | None:
    measure = Measure(clock.measure)
    ended = [
        Shift("pause", row.from_at, row.until_at) for row in clock.shifts.all() if row.kind == "pause" and row.until_at
    ]
    stood = paused_time(ended, measure, book.calendar, clock.started_at)
    steps = book.ladder.get(clock.name, ())
    return next_step(steps, after, clock.started_at, clock.due_at, measure, book.calendar, stood)
