"""A call becomes a case: accepted and registered, answered or declined in one go, or not at all."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qushu.cases import actions
from qushu.cases.actions import Call, Intake
from qushu.cases.contact import Contact
from qushu.cases.models import Case, History
from qushu.kernel.errors import Refused
from qushu.kernel.text import tidy, tidy_line

from .queries import is_repeat, warnings_in

FORM_USED = "form_used"


def saved_as(request_key: str) -> str:
    """The number of the case that a form with this key became; "" when it wasn't saved."""
    numbers = History.objects.filter(request_key=request_key).values_list("case__number", flat=True)
    return numbers.first() or ""


def save_call(call: Call, said: Mapping[str, Any], do: str) -> Case:
    """The case of a filled desk form. `do`: register, accept, answer, decline. Raises Refused, Forbidden.

    One transaction: when a later step is refused nothing was saved. The same request key gives the same case.
    """
    with transaction.atomic():
        case = actions.accept_case(call, _intake(call, said))
        if case.statement.text != tidy(said["text"]):
            raise Refused(
                f"这张表单刚才已保存为 {case.number}。这次填的内容还没有保存；确认是新的诉求，请再按一次保存。",
                code=FORM_USED,
            )
        if do == "register":
            category, area = int(said["category"]), _number(said["area"])
            return actions.register_case(
                call.part("register"), case.pk, category, area, said["kind"], said["urgency"], None
            )
        if do == "answer":
            return actions.answer_case(call.part("answer"), case.pk, said["answer"], said["knowledge"])
        if do == "decline":
            return actions.decline_case(call.part("decline"), case.pk, int(said["reason"]), said["words"])
        return case


def _intake(call: Call, said: Mapping[str, Any]) -> Intake:
    found = [warning.mark for warning in warnings_in(said["text"])]
    if is_repeat(call.actor, said["phone"], call.now, coming=1):
        found.append("repeat")
    return Intake(
        channel=said["channel"],
        text=said["text"],
        title=said["title"],
        kind=said["kind"],
        urgency=said["urgency"],
        place=said["place"],
        area_id=_number(said["area"]),
        category_id=_number(said["category"]),
        contact=Contact(
            tidy_line(said["name"]), tidy_line(said["phone"]), tidy_line(said["id_number"]), tidy_line(said["address"])
        ),
        marks=[*said["marks"], *found],
    )


def _number(value: str) -> int | None:
    return int(value) if value else None
