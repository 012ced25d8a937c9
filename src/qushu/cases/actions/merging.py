"""并单, 撤销并单: one handling for what several people tell; what becomes of the main case becomes of those in it.

`FOLLOWED` says which move of the main case brings about which move of those that were merged into it: none of them may
wait for a case that has ended.
"""

from collections.abc import Callable

from django.db import transaction

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy

from ..models import Case, Statement
from .ending import end_everything
from .moving import Call, Step, after_move, make_move, move_along

NO_PARENT = ("answered", "resolved", "followed_up", "merged")
"""Open states of a case that has its answer or is merged itself: nothing is merged into it."""


def merge_case(call: Call, case_id: int, parent_id: int) -> Case:
    """并单: `case_id` becomes a child of `parent_id`; the parent's answer answers it, its satisfaction stays its own."""
    with transaction.atomic():
        parent = Case.objects.select_for_update().filter(pk=parent_id).first()
        if parent is None:
            raise Missing("没有要并入的诉求件。请核对编号。")

        def change(step: Step) -> None:
            _check_parent(step.case, parent)
            step.record = {"parent": parent.number}
            end_everything(step, f"并入 {parent.number}")
            step.case.parent = parent
            for child in _children_of(step.case):
                move_along(call.part(child.number), child, "merge_along", lambda along: _enter(along, parent))

        return make_move(call, case_id, "merge", change)


def unmerge_case(call: Call, case_id: int, words: str) -> Case:
    """撤销并单: the case goes its own way again, from where it was; one that a unit had waits for a unit anew."""
    if not words.strip():
        raise Refused("请写明撤销并单的原因。什么也没有改变。", code="empty", field="words")
    return make_move(call, case_id, "unmerge", lambda step: _leave(step, words))


def _check_parent(case: Case, parent: Case) -> None:
    if parent.pk == case.pk:
        raise Refused("不能并入自己。什么也没有改变。", field="parent")
    if parent.closed_at or parent.state in NO_PARENT:
        raise Refused(f"{parent.number} 已办结或已并入他件，不能再并入。请选择在办的件。", field="parent")


def _children_of(case: Case) -> list[Case]:
    """What is merged into the case now, locked in the order of ids. Index: case_parent."""
    return list(Case.objects.select_for_update().filter(parent=case, state="merged").order_by("pk"))


def _enter(step: Step, parent: Case) -> None:
    step.case.parent = parent
    step.record = {"parent": parent.number}


def _leave(step: Step, words: str) -> None:
    parent = step.case.parent
    step.record = {"parent": parent.number if parent else "", "words": tidy(words)}
    step.case.parent = step.case.lead_unit = None


# — what follows for those in it —


def _take_answer(step: Step, parent: Step) -> None:
    """The parent's answer, which goes to the child's own citizen with a follow-up of its own."""
    answer = parent.record["answer"]
    step.record = {"answer": answer, "result": parent.case.result, "parent": parent.case.number}
    step.case.result = parent.case.result
    step.case.lead_unit_id = parent.case.lead_unit_id
    Statement.objects.filter(case=step.case).update(answer=answer)


def _take_decline(step: Step, parent: Step) -> None:
    step.record = {name: parent.record[name] for name in ("reason", "basis", "way", "words")}
    step.record["parent"] = parent.case.number


def _set_free(step: Step, parent: Step) -> None:
    _leave(step, f"主件 {parent.case.number} 作废")


FOLLOWED: dict[str, tuple[str, Callable[[Step, Step], None]]] = {
    "resolve": ("take_answer", _take_answer),
    "answer": ("take_answer", _take_answer),
    "decline": ("take_decline", _take_decline),
    "void": ("unmerge", _set_free),
}


def bring_children(step: Step) -> None:
    """Move along what is merged into a case that was answered, declined or voided."""
    move, change = FOLLOWED[step.move.code]
    for child in _children_of(step.case):
        move_along(step.call.part(child.number), child, move, lambda along: change(along, step))


for _code in FOLLOWED:
    after_move(_code, bring_children)
