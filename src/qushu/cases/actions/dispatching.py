"""派单, 改派, 拆单: which unit answers for the case."""

from collections.abc import Sequence
from dataclasses import dataclass

from qushu.kernel.errors import Refused
from qushu.kernel.text import tidy
from qushu.people.actions.notices import notify
from qushu.people.models import Unit

from ..contact import open_contact
from ..models import Assignment, Case
from .ending import end_assignments, settle_open_reviews
from .intake import Intake, accept_case
from .moving import Call, Step, made_before, make_move


@dataclass(frozen=True)
class Suggestion:
    """The unit that was suggested first, by which model, how sure (0 to 1)."""

    unit_id: int
    model: str
    score: float


@dataclass(frozen=True)
class Part:
    """One of the cases that a case is split into."""

    title: str
    text: str
    category_id: int | None = None


def dispatch_case(
    call: Call,
    case_id: int,
    lead_unit_id: int,
    assisting_ids: Sequence[int] = (),
    instruction: str = "",
    suggestion: Suggestion | None = None,
) -> Case:
    """派单 to a lead unit and assisting units."""

    def change(step: Step) -> None:
        _assign(step, lead_unit_id, assisting_ids, instruction, suggestion)

    return make_move(call, case_id, "dispatch", change)


def redispatch_case(
    call: Call,
    case_id: int,
    lead_unit_id: int,
    assisting_ids: Sequence[int] = (),
    instruction: str = "",
    reason: str = "",
) -> Case:
    """改派: another unit takes over; what the former one did stays in the history, its clocks are called off."""

    def change(step: Step) -> None:
        if step.case.lead_unit_id == lead_unit_id:
            raise Refused("该件已由此单位承办，没有改派。请选择另一个单位。", field="lead_unit")
        end_assignments(step)
        settle_open_reviews(step, f"改派：{tidy(reason)}")
        _assign(step, lead_unit_id, assisting_ids, instruction, None)
        step.record["reason"] = tidy(reason)

    return make_move(call, case_id, "redispatch", change)


def _assign(
    step: Step, lead_id: int, assisting_ids: Sequence[int], instruction: str, suggestion: Suggestion | None
) -> None:
    """Give the case to these units. After so many returns (limit `returns_most`) only a supervisor names them."""
    most = step.book.limits.at("returns_most", step.at)
    if step.case.return_count >= most and "supervisor" not in step.call.actor.roles:
        raise Refused(
            f"此件已退单 {step.case.return_count} 次，须由督办员指定承办单位。没有派出。",
            code="supervisor_names_unit",
        )
    assisting = [unit for unit in dict.fromkeys(assisting_ids) if unit != lead_id]
    units = Unit.objects.filter(pk__in=[lead_id, *assisting], active=True).in_bulk()
    if lead_id not in units or len(units) != len(assisting) + 1:
        raise Refused("所选单位不存在或已停用。没有派出；请重新选择。", code="unknown_unit", field="lead_unit")
    Assignment.objects.bulk_create(
        Assignment(
            case=step.case,
            unit_id=unit_id,
            part="lead" if unit_id == lead_id else "assist",
            instruction=tidy(instruction),
            assigned_by_id=step.call.actor.account_id,
            assigned_at=step.at,
            suggested_unit_id=suggestion.unit_id if suggestion else None,
            suggestion_model=suggestion.model if suggestion else "",
            suggestion_score=suggestion.score if suggestion else None,
        )
        for unit_id in [lead_id, *assisting]
    )
    step.case.lead_unit_id = lead_id
    step.record = {"lead_unit": lead_id, "assisting": assisting, "instruction": tidy(instruction)}
    if suggestion:
        taken = suggestion.unit_id == lead_id
        step.record["suggestion"] = {"unit": suggestion.unit_id, "model": suggestion.model, "taken": taken}
    if step.case.urgency == Case.Urgency.urgent:
        _tell(step, lead_id, f"紧急件 {step.case.number}：{step.case.title}")


def split_case(call: Call, case_id: int, parts: Sequence[Part]) -> list[Case]:
    """拆单: each further matter becomes a case of its own, with the same caller, time and place; this one goes on."""
    if not parts:
        raise Refused("请写明拆出的事项。什么也没有改变。", field="parts")
    made: list[Case] = []

    def change(step: Step) -> None:
        case = step.case
        contact = open_contact(case.number, case.statement.sealed)
        for index, part in enumerate(parts, 1):
            made.append(
                accept_case(
                    call.part(f"split{index}"),
                    Intake(
                        channel=case.channel_id,
                        text=part.text,
                        title=part.title,
                        kind=case.kind,
                        urgency=case.urgency,
                        place=case.statement.place,
                        area_id=case.area_id,
                        category_id=part.category_id,
                        contact=contact,
                        occurred=case.accepted_at,
                        split_from=case,
                    ),
                )
            )
        step.record = {"parts": [child.number for child in made]}

    make_move(call, case_id, "split", change)
    row = None if made else made_before(call, "split", case_id)
    return list(Case.objects.filter(number__in=row.record["parts"]).order_by("id")) if row else made


def _tell(step: Step, unit_id: int, text: str) -> None:
    notify(text, f"/cases/{step.case.number}/", now=step.call.now, unit_id=unit_id, urgent=True)
