"""What a citizen may know of a case: where it stands in plain words, and the answer. Nothing else leaves this file."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings

from qushu.cases.clockwork import rule_for
from qushu.cases.contact import caller_index
from qushu.cases.models import Case, Category
from qushu.cases.rulebook import rulebook
from qushu.cases.rules import case_id_of
from qushu.cases.seed import rows_of
from qushu.kernel.explanation import amount_words, full_words
from qushu.kernel.free_text import in_the_clear

PLAIN = {
    "accepted": "已收到，正在登记",
    "registered": "已登记，正在转给负责的单位",
    "dispatched": "已转给负责的单位",
    "acknowledged": "负责的单位已收到",
    "in_hand": "正在办理",
    "return_asked": "正在核实由哪个单位办理",
    "extension_asked": "正在办理",
    "shelving_asked": "正在办理",
    "shelved": "暂时无法解决，已列入计划，会再复核",
    "merged": "与相同的诉求一并办理",
    "resolved": "已有答复，请评价",
    "followed_up": "已评价",
    "reopened": "重新办理中",
    "answered": "已答复",
    "closed": "已结束",
    "declined": "不属于本热线受理范围",
    "void": "已作废",
}


STEPS = {"dispatch": "转给负责的单位", "resolve": "给您答复"}
"""The clocks that a citizen is told of, and what happens by then."""


WORKING_DAYS = "工作日是周一至周五和调休上班的日子，节假日不算。"


@dataclass(frozen=True)
class Promises:
    """What happens next and until when, in order; `note` explains words that not everybody knows."""

    steps: list[str]
    note: str


@dataclass(frozen=True)
class Progress:
    """A citizen's view of a case."""

    number: str
    title: str
    accepted_at: datetime
    state: str
    words: str
    answer: str
    way: str
    may_evaluate: bool
    promises: "Promises"


@cache
def emergency_numbers() -> list[dict[str, str]]:
    """The numbers to call first: [{number, name}]."""
    return list(rows_of("qushu.hotline", "emergency_numbers.csv"))


def topics() -> list[tuple[int, str]]:
    """Top categories: the first step of saying what it is about."""
    return list(Category.objects.filter(level=1, active=True).values_list("pk", "name"))


def matters(topic_id: int) -> list[tuple[str, list[tuple[int, str]]]]:
    """The second step: leaves below a top category, grouped by the level between."""
    leaves = Category.objects.filter(level=3, active=True, parent__parent=topic_id)
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for pk, name, group in leaves.values_list("pk", "name", "parent__name"):
        groups[group].append((pk, name))
    return list(groups.items())


def promises_of(case: Case, now: datetime) -> Promises:
    """In words: deadlines that run, and those that the rules will give once a unit has it."""
    running = {clock.name: clock for clock in case.clocks.filter(stopped_at__isnull=True, paused_at__isnull=True)}
    steps = [_step(running[name].due_at, what, now) for name, what in STEPS.items() if name in running]
    if "dispatch" in running:
        rules = {name: rule_for(case, name, now, rulebook()) for name in ("contact", "resolve")}
        later = {name: amount_words(rule.amount, rule.measure) for name, rule in rules.items() if rule}
        if "contact" in later:
            steps.append(f"转出后 {later['contact']}内，负责的单位和您联系。")
        if "resolve" in later:
            steps.append(f"转出后 {later['resolve']}内，给您答复。")
    return Promises(steps, WORKING_DAYS if any("工作" in step for step in steps) else "")


def _step(due: datetime, what: str, now: datetime) -> str:
    if due <= now:
        return "已超过期限，我们正在督促办理。"
    return f"最迟 {full_words(due.replace(second=0, microsecond=0))} 前，{what}。"


def case_of_number(number: str) -> Case | None:
    """The case of a number that this browser was given."""
    case_id = case_id_of(number, settings.QUSHU_NUMBER_PREFIX)
    return Case.objects.filter(pk=case_id, number=number).first() if case_id else None


def tracked_case(number: str, phone: str) -> Case | None:
    """The case with this number whose caller has this phone; None for a wrong number and a wrong phone alike."""
    case_id = case_id_of(number, settings.QUSHU_NUMBER_PREFIX)
    index = caller_index(phone)
    if case_id is None or index is None:
        return None
    return (
        Case.objects.select_related("statement")
        .filter(pk=case_id, caller_index=index, number=number.strip().upper())
        .first()
    )


def progress_of(case: Case, now: datetime) -> Progress:
    """What the page shows."""
    declined = case.history.filter(move="decline").order_by("-seq").values_list("record", flat=True).first() or {}
    shown = case.state in ("resolved", "followed_up", "closed", "answered")
    return Progress(
        case.number,
        in_the_clear(case.title),
        case.accepted_at,
        case.state,
        PLAIN.get(case.state, "正在办理"),
        in_the_clear(case.statement.answer) if shown else "",
        str(declined.get("way", "")),
        case.state == "resolved",
        promises_of(case, now),
    )
