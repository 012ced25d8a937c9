"""签收, 首次联系, 协办, 办结: what the unit does."""

from django.db.models import QuerySet

from qushu.kernel.errors import Refused
from qushu.kernel.text import tidy

from ..models import Assignment, Case, Statement
from .moving import Call, Step, make_move


def acknowledge_case(call: Call, case_id: int) -> Case:
    """签收: somebody of the unit has seen it."""

    def change(step: Step) -> None:
        step.record = {"person": call.actor.name}
        _assignments(step).filter(acknowledged_at__isnull=True).update(acknowledged_at=step.at)

    return make_move(call, case_id, "acknowledge", change)


def record_contact(call: Call, case_id: int, how: str, words: str) -> Case:
    """首次联系 (or a further one): how the citizen was reached and what was said."""
    if not words.strip():
        raise Refused("请写明与市民沟通的内容。什么也没有改变。", code="empty", field="words")

    def change(step: Step) -> None:
        step.record = {"how": how.strip() or "电话", "words": tidy(words)}

    return make_move(call, case_id, "contact", change)


def assist_case(call: Call, case_id: int, answer: str) -> Case:
    """协办答复: an assisting unit gives its part of the answer to the lead unit."""
    if not answer.strip():
        raise Refused("请填写协办意见。什么也没有改变。", code="empty", field="answer")

    def change(step: Step) -> None:
        mine = _assignments(step).filter(part="assist")
        if not mine.exists():
            raise Refused("您的单位不是此件的协办单位。什么也没有改变。", code="not_assisting")
        mine.update(answer=tidy(answer), answered_at=step.at)
        step.record = {"answer": tidy(answer)}

    return make_move(call, case_id, "assist", change)


def resolve_case(call: Call, case_id: int, answer: str, result: str) -> Case:
    """办结: the answer to the citizen and the result. All merged into this case get the same answer."""
    if not answer.strip():
        raise Refused("请填写给市民的答复。什么也没有改变。", code="empty", field="answer")
    if result not in Case.Result.values:
        raise Refused("请选择办理结果。什么也没有改变。", code="unknown_value", field="result")
    text = tidy(answer)

    def change(step: Step) -> None:
        step.record = {"answer": text, "result": result}
        step.case.result = result
        Statement.objects.filter(case_id=case_id).update(answer=text)

    return make_move(call, case_id, "resolve", change)


def _assignments(step: Step) -> QuerySet[Assignment]:
    """The parts that the person's own units have in the case."""
    return Assignment.objects.filter(case=step.case, ended_at__isnull=True, unit_id__in=list(step.call.actor.unit_ids))
