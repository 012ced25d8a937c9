"""诉求件: the page on which everything about one case is read, and a citizen's data is looked at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qushu.kernel.errors import Refused
from qushu.kernel.lifecycle import Move, lifecycle
from qushu.people.access import Actor, may
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from .. import actions, clockwork
from ..actions import Call, allowed_moves, hides_caller
from ..actions.moving import units_of
from ..contact import FIELDS, masked_contact
from ..forms import AttachForm, RevealForm
from ..forms_moves import FORMS
from ..masked_words import masked_words
from ..models import Case, Clock
from ..queries import callers_known, case_by_number, visible_cases
from ..rulebook import rulebook
from ..rules import SATISFACTION
from ..telling import tell

MAIN = ("decide", "register", "answer", "dispatch", "acknowledge", "contact", "resolve", "follow_up", "resume", "close")
EARLIER = 6
SHOWN = ("statement", "category", "street", "area", "channel", "accepted_by", "parent", "split_from")
NEARBY_DAYS = 30


@dataclass(frozen=True)
class Offer:
    """A move that this person may make now, as a button."""

    code: str
    name: str
    danger: bool


@dataclass(frozen=True)
class ContactLine:
    """One line of the caller's data: masked, with whether there is something to reveal."""

    field: str
    label: str
    masked: str


@dataclass(frozen=True)
class ClockLine:
    """A clock with its explanation."""

    clock: Clock
    lines: list[str]


def find_case(request: Request, number: str, related: Sequence[str] = ()) -> Case:
    """The case, if this person may read it; else 404, which doesn't tell whether it exists."""
    case = case_by_number(request.actor, number, related=related)
    if case is None or case.number != number.upper():
        raise Http404("没有这个诉求件，或您无权查看。请核对编号。")
    return case


@never_cache
@require_GET
@allowed("case.read")
def case_page(request: Request, number: str) -> HttpResponse:
    """Everything about one case."""
    case = find_case(request, number, SHOWN)
    now = timezone.now()
    units = units_of(case)
    offers = offers_for(request.actor, case)
    timeline = tell(case.history.order_by("seq"), lifecycle(case.lifecycle))
    clocks = _clocks(case, now)
    stopped = [one for one in clocks if one.clock.stopped_at is not None]
    return render(
        request,
        "cases/case.html",
        {
            "case": case,
            "main_offers": _main_first(offers, case),
            "more_offers": sorted((one for one in offers if one.code not in MAIN), key=lambda one: one.danger),
            "satisfaction_words": SATISFACTION.get(case.satisfaction or 0, ""),
            "contact": _contact_lines(request.actor, case),
            "sealed_identity": hides_caller(request.actor, case),
            "may_reveal": _may(request.actor, "case.reveal", case, units) and not hides_caller(request.actor, case),
            "running": [one for one in clocks if one.clock.stopped_at is None],
            "stopped": stopped,
            "missed": sum(one.clock.met is False for one in stopped),
            "timeline": timeline,
            "masked_words": masked_words(case, timeline),
            "assignments": case.assignments.select_related("unit", "assigned_by").order_by("ended_at", "-part", "pk"),
            "reviews": case.reviews.filter(decided_at__isnull=True).select_related("reason", "unit", "asked_by"),
            "orders": case.supervisions.select_related("unit", "issued_by", "answered_by").order_by("-issued_at"),
            "attachments": case.attachments.select_related("added_by").order_by("pk"),
            "attach_form": AttachForm() if _may(request.actor, "case.attach", case, units) else None,
            **_related(request.actor, case),
        },
    )


def offers_for(actor: Actor, case: Case) -> list[Offer]:
    """The moves this person may make on this case now; decisions on requests are one offer, `decide`."""
    moves = allowed_moves(actor, case)
    offers = [
        _offer(move, case)
        for move in moves
        if move.code in FORMS and not move.by_review and _makes_sense(move, actor, case)
    ]
    deciding = any(move.by_review and move.action == "case.review" for move in moves)
    if deciding and case.reviews.filter(decided_at__isnull=True).exists():
        offers.insert(0, Offer("decide", "审核", False))
    return offers


def _main_first(offers: list[Offer], case: Case) -> list[Offer]:
    """The moves that carry the case on, the likeliest first: who was called already is waiting for an answer."""
    order = list(MAIN)
    if case.state == "in_hand":
        order.sort(key=lambda code: code == "contact")
    found = [one for one in offers if one.code in MAIN]
    return sorted(found, key=lambda one: order.index(one.code))


def _offer(move: Move, case: Case) -> Offer:
    name = "联系市民" if move.code == "contact" and case.contacted_at else move.name
    return Offer(move.code, name, FORMS[move.code].danger)


def _makes_sense(move: Move, actor: Actor, case: Case) -> bool:
    """Some moves are open to the role but have nothing to work on here."""
    if move.code == "answer_supervision":
        return case.supervisions.filter(answered_at__isnull=True, closed_at__isnull=True).exists()
    if move.code == "close_supervision":
        return case.supervisions.filter(closed_at__isnull=True).exists()
    if move.code == "assist":
        mine = case.assignments.filter(unit_id__in=actor.unit_ids, part="assist", ended_at__isnull=True)
        return mine.exists()
    return True


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("case.reveal")
def reveal(request: Request, number: str, field: str) -> HttpResponse:
    """Asks for a reason and then shows one field of the caller's data, or the words, once; the reason is audited."""
    case = find_case(request, number)
    if field not in actions.REVEALED:
        raise Http404("没有这一项。")
    form = RevealForm(request.POST or None)
    if form.is_valid():
        try:
            call = Call(request.actor, timezone.now())
            value = actions.reveal(call, case, field, form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return _revealed(request, case, field, value)
    values = {
        "case": case,
        "form": form,
        "field_name": (name := actions.REVEALED[field]),
        "field_code": field,
        "title": f"显示{name}",
    }
    answer = render(request, "cases/reveal.html", values, status=422 if form.errors else 200)
    if form.errors:
        answer["HX-Retarget"] = "#dialog-host"
    return answer


def _revealed(request: Request, case: Case, field: str, value: str) -> HttpResponse:
    name = actions.REVEALED[field]
    values = {"case": case, "value": value, "field_name": name, "title": f"{case.number} 的{name}"}
    answer = render(request, "cases/revealed.html", values)
    if request.htmx:
        answer["HX-Trigger"] = "dialog-close"
    return answer


def _may(actor: Actor, action: str, case: Case, units: Collection[int]) -> bool:
    return may(actor, action, unit_ids=units, area_ids=(case.street_id, case.area_id))


def _contact_lines(actor: Actor, case: Case) -> list[ContactLine]:
    if hides_caller(actor, case):
        return []
    masked = masked_contact(case.number, case.statement.sealed)
    lines = [ContactLine(field, label, getattr(masked, field)) for field, label in FIELDS.items()]
    return [line for line in lines if line.masked or line.field in ("name", "phone")]


def _clocks(case: Case, now: datetime) -> list[ClockLine]:
    book = rulebook()
    clocks: QuerySet[Clock] = case.clocks.select_related("rule", "unit").prefetch_related("shifts").order_by("pk")
    # The running ones first; of the rest the newest first.
    ordered = sorted(clocks, key=lambda clock: (clock.stopped_at is not None, -clock.pk))
    return [ClockLine(clock, clockwork.explain(clock, book, now)) for clock in ordered]


def _related(actor: Actor, case: Case) -> dict[str, object]:
    """Other cases of the caller, of the same matter in the same place, and those merged into or split from this one.

    Indexes: case_caller, case_category_newest, case_parent, case_split.
    """
    seen = visible_cases(actor).select_related("lead_unit")
    same_caller = None
    if case.caller_index is not None and not hides_caller(actor, case):
        others = callers_known(seen, actor).filter(caller_index=case.caller_index).exclude(pk=case.pk)
        same_caller = others.order_by("-accepted_at")[:EARLIER]
    same_place = seen.none()
    if case.area_id and case.category_id:
        since = case.accepted_at - timedelta(days=NEARBY_DAYS)
        there = seen.filter(area=case.area_id, category=case.category_id, accepted_at__gte=since)
        # A window around the case, so that an old one isn't compared with all that came since.
        there = there.filter(accepted_at__lte=case.accepted_at + timedelta(days=NEARBY_DAYS)).exclude(pk=case.pk)
        same_place = there.order_by("-accepted_at", "-id")[:EARLIER]
    return {
        "same_caller": same_caller,
        "same_place": same_place,
        "children": seen.filter(parent=case).order_by("pk"),
        "parts": seen.filter(split_from=case).order_by("pk"),
    }


@require_GET
@allowed("case.read")
def by_id(request: Request, case_id: int) -> HttpResponse:
    """From a case's id, as other pages hold it, to its page."""
    case = visible_cases(request.actor, "case.read").filter(pk=case_id).first()
    if case is None:
        raise Http404("没有这个诉求件，或您无权查看。")
    return redirect("case-page", case.number)
