"""The moves of a case over the API: one table, one operation each, `POST /cases/{number}/<move>`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from ninja import Router

from qushu.cases import actions
from qushu.cases.actions import Call, Part
from qushu.cases.models import Case
from qushu.kernel.errors import Missing

from . import schemas
from .callers import ApiCall, needs, once
from .cases import PROBLEMS, shown
from .named import area_id, case_of, category_id, open_review, reason_id, unit_id, unit_ids
from .schemas import CaseOut, ProblemOut

router = Router(tags=["moves"])
FURTHER = {409: ProblemOut, 412: ProblemOut}


@dataclass(frozen=True)
class Offer:
    """A move: its address, what it needs, how it is made, its words for the OpenAPI document."""

    path: str
    needs: type[schemas.Given]
    make: Callable[[Call, Case, Any], object]
    words: str


def _correct(call: Call, case: Case, said: schemas.Correcting) -> object:
    given = said.dict(exclude_unset=True)
    changes: dict[str, Any] = {name: given[name] for name in ("title", "kind", "urgency") if given.get(name)}
    if given.get("category"):
        changes["category_id"] = category_id(given["category"])
    if given.get("area"):
        changes["area_id"] = area_id(given["area"])
    return actions.correct_case(call, case.pk, **changes)


def _register(call: Call, case: Case, said: schemas.Registering) -> object:
    category = category_id(said.category)
    assert category is not None  # the schema asks for a code
    area = area_id(said.area) if said.area else case.area_id
    return actions.register_case(call, case.pk, category, area, said.kind, said.urgency, said.title)


def _dispatch(call: Call, case: Case, said: schemas.Dispatching) -> object:
    return actions.dispatch_case(call, case.pk, unit_id(said.lead_unit), unit_ids(said.assisting), said.instruction)


def _redispatch(call: Call, case: Case, said: schemas.Redispatching) -> object:
    return actions.redispatch_case(
        call, case.pk, unit_id(said.lead_unit), unit_ids(said.assisting), said.instruction, said.reason
    )


def _ask_return(call: Call, case: Case, said: schemas.Returning) -> object:
    other = unit_id(said.suggested_unit, "suggested_unit") if said.suggested_unit else None
    return actions.ask_return(call, case.pk, reason_id("return", said.reason), said.words, other)


def _ask_extension(call: Call, case: Case, said: schemas.Extending) -> object:
    reason = reason_id("extension", said.reason)
    return actions.ask_extension(call, case.pk, reason, said.words, said.new_due_at)


def _ask_shelving(call: Call, case: Case, said: schemas.Shelving) -> object:
    return actions.ask_shelving(call, case.pk, reason_id("shelve", said.reason), said.plan, said.review_on)


def _ask_exclusion(call: Call, case: Case, said: schemas.Excluding) -> object:
    return actions.ask_exclusion(call, case.pk, reason_id("exclude", said.reason), said.words, said.measure)


def _decide(call: Call, case: Case, said: schemas.Deciding) -> object:
    return actions.decide_review(call, open_review(case, said.request).pk, said.approved, said.remark)


def _split(call: Call, case: Case, said: schemas.Splitting) -> object:
    parts = [Part(part.title, part.text, category_id(part.category)) for part in said.parts]
    return actions.split_case(call, case.pk, parts)


def _answer_order(call: Call, case: Case, said: schemas.AnsweringOrder) -> object:
    order = case.supervisions.filter(number=said.order).first()
    if order is None:
        raise Missing("这个诉求件没有这张督办单。")
    return actions.answer_supervision(call, order.pk, said.answer)


def _merge(call: Call, case: Case, said: schemas.Merging) -> object:
    return actions.merge_case(call, case.pk, case_of(call.actor, said.parent).pk)


def _follow_up(call: Call, case: Case, said: schemas.FollowingUp) -> object:
    return actions.follow_up_case(
        call, case.pk, reached=said.reached, solved=said.solved, satisfaction=said.satisfaction, words=said.words
    )


# fmt: off
OFFERS = [
    Offer("answer", schemas.Answer, lambda call, case, said: actions.answer_case(call, case.pk, said.answer), "直接答复"),
    Offer("register", schemas.Registering, _register, "立案"),
    Offer("correct", schemas.Correcting, _correct, "更正"),
    Offer("decline", schemas.Reasoned, lambda call, case, said: actions.decline_case(call, case.pk, reason_id("decline", said.reason), said.words), "不予受理"),
    Offer("void", schemas.Reasoned, lambda call, case, said: actions.void_case(call, case.pk, reason_id("void", said.reason), said.words), "作废"),
    Offer("dispatch", schemas.Dispatching, _dispatch, "派单"),
    Offer("redispatch", schemas.Redispatching, _redispatch, "改派"),
    Offer("merge", schemas.Merging, _merge, "并单"),
    Offer("unmerge", schemas.Words, lambda call, case, said: actions.unmerge_case(call, case.pk, said.words), "撤销并单"),
    Offer("split", schemas.Splitting, _split, "拆单"),
    Offer("acknowledge", schemas.NoFields, lambda call, case, said: actions.acknowledge_case(call, case.pk), "签收"),
    Offer("contact-citizen", schemas.Contacting, lambda call, case, said: actions.record_contact(call, case.pk, said.how, said.words), "联系市民"),
    Offer("assist", schemas.Answer, lambda call, case, said: actions.assist_case(call, case.pk, said.answer), "协办答复"),
    Offer("resolve", schemas.Resolving, lambda call, case, said: actions.resolve_case(call, case.pk, said.answer, said.result), "办结"),
    Offer("ask-return", schemas.Returning, _ask_return, "申请退单"),
    Offer("ask-extension", schemas.Extending, _ask_extension, "申请延期"),
    Offer("ask-shelving", schemas.Shelving, _ask_shelving, "申请挂账"),
    Offer("ask-exclusion", schemas.Excluding, _ask_exclusion, "申请剔除"),
    Offer("withdraw", schemas.WordsIfAny, lambda call, case, said: actions.withdraw_request(call, case.pk, said.words), "撤回申请"),
    Offer("decide", schemas.Deciding, _decide, "审核申请"),
    Offer("resume", schemas.Ground, lambda call, case, said: actions.resume_case(call, case.pk, said.ground), "恢复办理"),
    Offer("try-call", schemas.Words, lambda call, case, said: actions.try_call(call, case.pk, said.words), "回访未接通"),
    Offer("follow-up", schemas.FollowingUp, _follow_up, "回访"),
    Offer("close", schemas.Ground, lambda call, case, said: actions.close_case(call, case.pk, said.ground), "结案"),
    Offer("reopen", schemas.Reasoned, lambda call, case, said: actions.reopen_case(call, case.pk, reason_id("reopen", said.reason), said.words), "重办"),
    Offer("supervise", schemas.Supervising, lambda call, case, said: actions.supervise_case(call, case.pk, said.level, said.words, said.answer_due_at), "督办"),
    Offer("answer-supervision", schemas.AnsweringOrder, _answer_order, "回复督办"),
    Offer("note", schemas.Words, lambda call, case, said: actions.note_case(call, case.pk, said.words), "备注"),
]
# fmt: on


def _operation(offer: Offer) -> None:
    wanted = offer.needs

    def make(request: ApiCall, number: str, said: wanted, response: HttpResponse) -> CaseOut:  # type: ignore[valid-type]
        case = case_of(request.auth.actor, number)
        with once(request) as call:
            offer.make(call, case, said)
        return shown(request, response, case.pk)

    router.post(
        f"/{{number}}/{offer.path}",
        auth=needs("case.write"),
        response={200: CaseOut, **PROBLEMS, **FURTHER},
        operation_id=offer.path.replace("-", "_"),
        summary=offer.words,
    )(make)


for _offer in OFFERS:
    _operation(_offer)
