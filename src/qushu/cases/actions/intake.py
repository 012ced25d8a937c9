"""受理, 立案, 直接答复, 不予受理, 更正, 作废: from the citizen's words to a registered case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from qushu.kernel.errors import Refused
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.text import tidy
from qushu.people.access import require
from qushu.places.models import Area
from qushu.places.options import known_areas
from qushu.places.queries import street_of

from .. import clockwork
from ..contact import Contact, caller_digest, caller_index, seal_contact
from ..entries import write_statement, write_title
from ..models import Case, Category, Reason, Statement
from ..options import channel_options
from ..rulebook import rulebook
from ..rules import SHANGHAI, case_number, title_of, words_digest
from .ending import end_everything
from .moving import Call, Step, finish, made_before, make_move, move_along

LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Intake:
    """What is known when a case is accepted. `occurred` is the time of the call (aware); now when it isn't given."""

    channel: str
    text: str
    title: str = ""
    kind: str = Case.Kind.help
    urgency: str = Case.Urgency.general
    place: str = ""
    area_id: int | None = None
    category_id: int | None = None
    contact: Contact = field(default_factory=Contact)
    occurred: datetime | None = None
    source: str = ""
    source_ref: str = ""
    marks: Sequence[str] = ()
    lon: float | None = None
    lat: float | None = None
    lifecycle: str = "hotline"
    split_from: Case | None = None


def accept_case(call: Call, intake: Intake) -> Case:
    """受理: make a case of what was said. Its clock for dispatch starts with the time of the call.

    The same request key, or the same source and reference, gives the case that is there already. Raises Refused when
    there are no words, or the channel, area or category doesn't exist.
    """
    require(call.actor, "case.accept", area_ids=(intake.area_id,))
    try:
        with transaction.atomic():
            return accepted_before(call, intake.source, intake.source_ref) or _accept(call, intake)
    except IntegrityError:
        before = accepted_before(call, intake.source, intake.source_ref)
        if before is None:
            raise
        return before


def accepted_before(call: Call, source: str = "", source_ref: str = "") -> Case | None:
    """The case that this request key, or this reference of a source, made; whatever has become of its area since."""
    row = made_before(call, "accept")
    if row is not None:
        return row.case
    return Case.objects.filter(source=source, source_ref=source_ref).first() if source_ref else None


def _accept(call: Call, intake: Intake) -> Case:
    text = tidy(intake.text)
    _check(intake, text)
    area = _area(intake.area_id, "没有保存。")
    at = intake.occurred or call.now
    case_id = next_case_ids(1)[0]
    number = case_number(settings.QUSHU_NUMBER_PREFIX, timezone.localdate(at, SHANGHAI), case_id)
    title = tidy(intake.title)[:200] or title_of(text)
    case = Case(
        id=case_id,
        number=number,
        lifecycle=intake.lifecycle,
        state="",
        kind=intake.kind,
        urgency=intake.urgency,
        channel_id=intake.channel,
        category_id=intake.category_id,
        area=area,
        street=street_of(area),
        title=title,
        marks=list(dict.fromkeys(intake.marks)),
        caller_index=caller_index(intake.contact.phone),
        accepted_by_id=call.actor.account_id,
        accepted_at=at,
        source=intake.source,
        source_ref=intake.source_ref,
        split_from=intake.split_from,
    )
    statement = Statement(
        case=case,
        text=text,
        place=tidy(intake.place)[:200],
        lon=intake.lon,
        lat=intake.lat,
        sealed=seal_contact(number, intake.contact),
    )
    step = Step(call, case, lifecycle(case.lifecycle).move("accept", ""), rulebook(), [])
    step.at = at
    step.record = {
        "channel": intake.channel,
        "words_digest": words_digest(text),
        "caller_digest": caller_digest(number, intake.contact),
    }
    if intake.source_ref:
        step.record |= {"source": intake.source, "source_ref": intake.source_ref}
    finish(step)
    write_statement(statement)
    return case


def next_case_ids(count: int) -> list[int]:
    """Reserve ids for `count` new cases, so that their numbers and sealed contacts can be made before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('cases_case', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def answer_case(call: Call, case_id: int, answer: str, knowledge_id: int | None = None) -> Case:
    """直接答复: answer while the citizen is on the line; the case is closed with it."""

    def change(step: Step) -> None:
        step.record = {"answer": tidy(answer), "knowledge": knowledge_id}
        end_everything(step, "直接答复")
        step.case.result = Case.Result.explained
        Statement.objects.filter(case_id=case_id).update(answer=tidy(answer))

    _require_words(answer, "answer", "答复内容")
    with transaction.atomic():
        case = make_move(call, case_id, "answer", change)
        if case.state != "answered":
            return case
        # Without a follow-up: the same permission as the answer.
        return move_along(call.part("close"), case, "close", lambda step: step.record.update(ground="直接答复"))


def register_case(
    call: Call, case_id: int, category_id: int, area_id: int | None, kind: str, urgency: str, title: str | None = None
) -> Case:
    """立案: say what it is about, where, how urgent. The dispatch clock takes the rule that these give."""

    def change(step: Step) -> None:
        _set_facts(step, {"category_id": category_id, "area_id": area_id, "kind": kind, "urgency": urgency})
        if title:
            step.case.title = tidy(title)[:200]
            write_title(step.case)
        step.record = {"category": category_id, "area": area_id, "kind": kind, "urgency": urgency}
        _take_new_rule(step)

    return make_move(call, case_id, "register", change)


def correct_case(call: Call, case_id: int, **changes: Any) -> Case:
    """更正: category_id, area_id, kind, urgency, title or marks. Running clocks take the rule that they now have."""

    def change(step: Step) -> None:
        before = {name: getattr(step.case, name) for name in changes}
        _set_facts(step, changes)
        if "title" in changes:
            write_title(step.case)
        step.record = {"changes": {name: [before[name], getattr(step.case, name)] for name in changes}}
        _take_new_rule(step)

    unknown = set(changes) - {"category_id", "area_id", "kind", "urgency", "title", "marks"}
    if unknown or not changes:
        raise Refused("没有可更正的内容。什么也没有改变。", code="nothing_to_correct")
    return make_move(call, case_id, "correct", change)


def decline_case(call: Call, case_id: int, reason_id: int, words_: str = "") -> Case:
    """不予受理, with the legal ground and the way shown to the citizen."""
    reason = reason_for("decline", reason_id)

    def change(step: Step) -> None:
        step.record = {"reason": reason.name, "basis": reason.basis, "way": reason.way, "words": tidy(words_)}
        end_everything(step, f"不予受理：{reason.name}")

    return make_move(call, case_id, "decline", change)


def void_case(call: Call, case_id: int, reason_id: int, words_: str = "") -> Case:
    """作废: entered by mistake. Never deleted."""
    reason = reason_for("void", reason_id)

    def change(step: Step) -> None:
        step.record = {"reason": reason.name, "words": tidy(words_)}
        end_everything(step, f"作废：{reason.name}")

    return make_move(call, case_id, "void", change)


def note_case(call: Call, case_id: int, words_: str) -> Case:
    """备注: a line in the history that changes nothing else."""
    _require_words(words_, "words", "备注内容")
    return make_move(call, case_id, "note", lambda step: step.record.update(words=tidy(words_)))


def reason_for(move: str, reason_id: int) -> Reason:
    """The reason with this id, if it may be used for `move`. Raises Refused."""
    reason = Reason.objects.filter(pk=reason_id, move=move, active=True).first()
    if reason is None:
        raise Refused("请从列表中选择理由。什么也没有改变。", code="unknown_reason", field="reason")
    return reason


def _check(intake: Intake, text: str) -> None:
    _require_words(text, "text", "诉求内容")
    if len(text) > LONGEST_TEXT:
        raise Refused(
            f"诉求内容有 {len(text)} 字，最多 {LONGEST_TEXT} 字。没有保存；请缩短或作为附件上传。", field="text"
        )
    for name, value, choices in (
        ("kind", intake.kind, Case.Kind.values),
        ("urgency", intake.urgency, Case.Urgency.values),
    ):
        if value not in choices:
            raise Refused(f"不认识的取值“{value}”。没有保存。", code="unknown_value", field=name)
    if not channel_options().offers(intake.channel):
        raise Refused(
            f"没有“{intake.channel}”这个渠道。没有保存；请在渠道表中先建立。", code="unknown_channel", field="channel"
        )
    if intake.category_id and not Category.objects.filter(pk=intake.category_id).exists():
        raise Refused("没有这个类别。没有保存。", code="unknown_category", field="category")


def _area(area_id: int | None, kept: str) -> Area | None:
    """The area with those it lies in; None for none. Raises Refused with `kept`: what became of the rest."""
    if area_id is None:
        return None
    area = known_areas().by_id.get(area_id)
    if area is None:
        raise Refused(f"没有这个区域。{kept}", code="unknown_area", field="area")
    return area


def _require_words(text: str, field_name: str, what: str) -> None:
    if not text.strip():
        raise Refused(f"请填写{what}。什么也没有改变。", code="empty", field=field_name)


def _set_facts(step: Step, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name == "area_id":
            step.case.area = _area(value, "什么也没有改变。")
            step.case.street = street_of(step.case.area)
            continue
        if name == "category_id" and not Category.objects.filter(pk=value).exists():
            raise Refused("没有这个类别。什么也没有改变。", code="unknown_category", field="category")
        setattr(step.case, name, value)


def _take_new_rule(step: Step) -> None:
    """A clock whose facts changed runs on under its new rule, from the same start."""
    for clock in step.clocks:
        rule = clockwork.rule_for(step.case, clock.name, clock.started_at, step.book)
        if rule is not None and rule.id != clock.rule_id and not clock.shifts.exists():
            clockwork.take_rule(clock, rule, step.book)
