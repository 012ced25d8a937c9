"""What a citizen may know of a case: where it stands in plain words, and the answer. Nothing else leaves this file."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from qushu.cases.contact import caller_index
from qushu.cases.models import Case
from qushu.cases.rules import case_id_of

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


def progress_of(case: Case) -> Progress:
    """What the page shows."""
    declined = case.history.filter(move="decline").order_by("-seq").values_list("record", flat=True).first() or {}
    shown = case.state in ("resolved", "followed_up", "closed", "answered")
    return Progress(
        case.number,
        case.title,
        case.accepted_at,
        case.state,
        PLAIN.get(case.state, "正在办理"),
        case.statement.answer if shown else "",
        str(declined.get("way", "")),
        case.state == "resolved",
    )
