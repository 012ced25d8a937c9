"""Cases over the API: accept, read, list, follow what changes, files, and one revealed field at a time."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from qushu.cases import actions
from qushu.cases.actions import Call, Intake
from qushu.cases.contact import Contact
from qushu.cases.models import Case, History
from qushu.cases.pages.files import file_answer
from qushu.cases.queries import filter_cases, visible_cases
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page
from qushu.kernel.text import tidy_line
from qushu.people.tokens import Bearer

from ..models import FeedSource
from .callers import ApiCall, needs, once
from .named import area_id, case_of, category_id, unit_id
from .problems import Problem
from .schemas import (
    AttachmentOut,
    CaseIn,
    CaseOut,
    CasePage,
    Chosen,
    ClockOut,
    HistoryRow,
    ProblemOut,
    Reveal,
    Revealed,
)
from .shown import RELATED, attachment_out, case_line, case_out, clocks_of, history_of

PROBLEMS = {400: ProblemOut, 401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 422: ProblemOut, 429: ProblemOut}
NEWEST = ("-accepted_at", "-id")
A_FILE: dict[str, Any] = {"responses": {200: {"content": {"application/octet-stream": {}}}}}

router = Router(tags=["cases"])


@router.post("", auth=needs("case.write"), response={201: CaseOut, 200: CaseOut, 409: ProblemOut, **PROBLEMS})
def accept(request: ApiCall, said: CaseIn, response: HttpResponse) -> Status[CaseOut]:
    """Accept a case. The same Idempotency-Key, or the same source and source_ref, gives the case that is there (200)."""
    _may_speak_for(request.auth, said.source)
    with once(request) as call:
        case = _accepted(call, said)
        _may_be_told(call, said, case)
    response["Location"] = f"{request.path.rstrip('/')}/{case.number}"
    response["ETag"] = f'"{case.seq}"'
    return Status(201 if _is_new(call, said, case) else 200, case_out(case, request.auth))


@router.get("", auth=needs("case.read"), response={200: CasePage, **PROBLEMS})
def cases(request: ApiCall, chosen: Query[Chosen]) -> CasePage:
    """Cases this token's account may see, newest first."""
    _refuse_unknown(request)
    given = chosen.dict(exclude_defaults=True)
    actor = request.auth.actor
    found = filter_cases(visible_cases(actor), _asked(given), timezone.now(), actor).select_related(*RELATED)
    here = page(found, NEWEST, chosen.after or None, chosen.size)
    further = urlencode(given | {"after": here.next_cursor or ""})
    return CasePage(
        cases=[case_line(case) for case in here], next=f"{request.path}?{further}" if here.next_cursor else None
    )


@router.get("/{number}", auth=needs("case.read"), response={200: CaseOut, **PROBLEMS})
def read(request: ApiCall, number: str, response: HttpResponse) -> CaseOut:
    """One case. Its ETag, sent back as If-Match, makes a move happen only if nobody acted meanwhile."""
    return shown(request, response, case_of(request.auth.actor, number).pk)


@router.get("/{number}/history", auth=needs("case.read"), response={200: list[HistoryRow], **PROBLEMS})
def history(request: ApiCall, number: str) -> list[HistoryRow]:
    """Every move of the case, oldest first."""
    return history_of(case_of(request.auth.actor, number))


@router.get("/{number}/clocks", auth=needs("case.read"), response={200: list[ClockOut], **PROBLEMS})
def clocks(request: ApiCall, number: str) -> list[ClockOut]:
    """Every clock of the case and why its deadline is what it is."""
    return clocks_of(case_of(request.auth.actor, number), timezone.now())


@router.get("/{number}/attachments", auth=needs("case.read"), response={200: list[AttachmentOut], **PROBLEMS})
def attachments(request: ApiCall, number: str) -> list[AttachmentOut]:
    """The files of the case."""
    case = case_of(request.auth.actor, number)
    return [attachment_out(one) for one in case.attachments.order_by("pk")]


@router.post("/{number}/attachments", auth=needs("case.write"), response={201: AttachmentOut, **PROBLEMS})
def attach(request: ApiCall, number: str, file: File[UploadedFile]) -> Status[AttachmentOut]:
    """Keep a file with the case (multipart field `file`): judged by its content, 10 MB at most, images encoded anew."""
    case = case_of(request.auth.actor, number)
    call = Call(request.auth.actor, timezone.now())
    kept = actions.add_attachment(call, case, file.name or "file", file.read(), case.state)
    return Status(201, attachment_out(kept))


@router.get(
    "/{number}/attachments/{int:attachment_id}", auth=needs("case.read"), response=PROBLEMS, openapi_extra=A_FILE
)
def attachment(request: ApiCall, number: str, attachment_id: int) -> HttpResponseBase:
    """The content of a file."""
    return file_answer(case_of(request.auth.actor, number), attachment_id)


@router.post("/{number}/contact", auth=needs("contact.read"), response={200: Revealed, **PROBLEMS})
def reveal(request: ApiCall, number: str, said: Reveal) -> Revealed:
    """One field of the caller's data, or what is masked in the words, in the clear; who asked and why is audited."""
    case = case_of(request.auth.actor, number)
    call = Call(request.auth.actor, timezone.now())
    return Revealed(field=said.field, value=actions.reveal(call, case, said.field, said.reason))


def shown(request: ApiCall, response: HttpResponse, case_id: int) -> CaseOut:
    """The case as this caller sees it, with its ETag."""
    case = Case.objects.select_related("statement", "parent", *RELATED).get(pk=case_id)
    response["ETag"] = f'"{case.seq}"'
    return case_out(case, request.auth)


def _accepted(call: Call, said: CaseIn) -> Case:
    """The new case, or the one that this key made before: then a code that is gone since doesn't matter."""
    try:
        intake = _intake(said)
    except Refused:
        before = actions.accepted_before(call)
        if before is None:
            raise
        return before
    return actions.accept_case(call, intake)


def _may_speak_for(bearer: Bearer, source: str) -> None:
    """Cases of a registered source come from itself, or by a token that may push: another's would take its references,
    and its own rows would count as known. Raises Problem."""
    if source and "feed.push" not in bearer.scopes and FeedSource.objects.filter(code=source).exists():
        said = f"“{source}”是已登记的接入来源，这个令牌没有“feed.push”权限，不能以它的名义提交。什么也没有受理。"
        raise Problem(403, "scope", said)


def _may_be_told(call: Call, said: CaseIn, case: Case) -> None:
    """A case that somebody else's call made is told only to who may read it. Raises Problem."""
    if _is_new(call, said, case) or actions.accepted_before(call) is not None:
        return
    if not visible_cases(call.actor, "case.read").filter(pk=case.pk).exists():
        raise Problem(409, "known", "这个来源和编号的件已经受理，但不在这个令牌的可见范围内。什么也没有改变。")


def _is_new(call: Call, said: CaseIn, case: Case) -> bool:
    """Whether this call made the case; without a key or a reference it did."""
    if call.request_key is None and not said.source_ref:
        return True
    return History.objects.filter(case=case, seq=1, recorded_at=call.now).exists()


def _refuse_unknown(request: ApiCall) -> None:
    """A misspelt filter must not give the whole list."""
    unknown = sorted(set(request.GET) - set(Chosen.model_fields))
    if unknown:
        errors = [{"at": ["query", name], "message": "没有这个筛选条件", "kind": "unknown"} for name in unknown]
        raise Problem(422, "invalid", f"没有这个筛选条件：{'、'.join(unknown)}。", errors=errors)


def _asked(given: dict[str, Any]) -> dict[str, str]:
    """The filters as the case list names them: row numbers for codes."""
    numbers: dict[str, Callable[[str], int | None]] = {
        "unit": lambda code: unit_id(code, "unit"),
        "street": area_id,
        "area": area_id,
        "category": category_id,
    }
    asked = {}
    for name, value in given.items():
        kept = numbers[name](value) if name in numbers else 1 if value is True else value
        asked[name.removeprefix("accepted_")] = str(kept)
    return asked


def _intake(said: CaseIn) -> Intake:
    contact = {name: tidy_line(value) for name, value in said.contact.dict().items()}
    return Intake(
        channel=said.channel,
        text=said.text,
        title=said.title,
        kind=said.kind,
        urgency=said.urgency,
        place=said.place,
        area_id=area_id(said.area),
        category_id=category_id(said.category),
        contact=Contact(**contact),
        occurred=said.occurred,
        source=said.source,
        source_ref=said.source_ref,
        lon=said.lon,
        lat=said.lat,
    )
