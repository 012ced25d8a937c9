"""绩效指标: every promised target with what the systems or people say of it, and the page of one."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qushu.kernel.paging import page_of
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ...models import Reading, Target
from ...queries import asked_year, chosen_document
from ..forms import BindingForm, DecisionForm, StatementForm, TargetFilter
from ..offered import named
from ..queries import BROUGHT, LIVE, alarms_of, chosen_known, known_of, suggestions, targets_of, told_readings

ORDER = ("place",)
"""As the document has them: the department's own, then project by project."""
SHOWN_READINGS = 30


@never_cache
@require_GET
@allowed("budget.read")
def targets(request: Request) -> HttpResponse:
    """All targets of the newest document (or the one named by ?document=), each with its value, its source and its light."""
    chosen = request.GET.dict()
    document = chosen_document(chosen)
    if document is None:
        return render(request, "ledger/no_targets.html", {"may_write": may_at_all(request.actor, "budget.write")})
    form = TargetFilter(request.GET, document)
    year = asked_year(chosen, document.year)
    known = known_of(targets_of(document, chosen), year, timezone.now())
    counts = {
        "measured": sum(one.source in LIVE for one in known),
        "people": sum(one.source in BROUGHT for one in known),
        "none": sum(one.source == "none" for one in known),
    }
    rows = {one.target.pk: one for one in chosen_known(known, chosen)}
    page = page_of(Target.objects.filter(pk__in=rows), ORDER, chosen)
    shown = {
        "document": document,
        "filter": form,
        "counts": counts,
        "late": sum(one.standing.light == "late" for one in known),
        "page": page,
        "rows": [rows[one.pk] for one in page],
        "all": len(rows),
        "year": year,
        "may_write": may_at_all(request.actor, "targets.write"),
    }
    return render(request, "ledger/targets.html", shown)


def year_of(request: Request, default: int) -> int:
    """The year that the address or the form names."""
    return asked_year(request.GET.dict() | request.POST.dict(), default)


def find_target(target_id: int) -> Target:
    """The target with its document and project. Raises Http404."""
    found = Target.objects.select_related("document", "project").filter(pk=target_id).first()
    if found is None:
        raise Http404("没有这个绩效指标。")
    return found


@never_cache
@require_GET
@allowed("budget.read")
def target(request: Request, target_id: int) -> HttpResponse:
    """One target: promise, value, the measure that speaks for it, readings, statements; binding and stating."""
    return show_target(request, find_target(target_id))


def show_target(
    request: Request, found: Target, bind: BindingForm | None = None, state: StatementForm | None = None
) -> HttpResponse:
    """The page of a target, with a form that was refused where there is one."""
    year, now = year_of(request, found.document.year), timezone.now()
    suggested = suggestions(found)
    (known,) = known_of([found], year, now)
    bindings = [
        (one, named(one.measure)) for one in found.bindings.select_related("proposed_by", "decided_by").order_by("-pk")
    ]
    readings = (
        told_readings(known.measure, Reading.objects.filter(measure=known.measure.code, year=year), SHOWN_READINGS)
        if known.measure
        else []
    )
    shown = {
        "target": found,
        "known": known,
        "year": year,
        "bind": bind or BindingForm(initial={"measure": suggested[0][0].code if suggested else ""}),
        "state": state or StatementForm(),
        "decide": DecisionForm(),
        "bindings": bindings,
        "waiting": next(((one, words) for one, words in bindings if one.approved is None), None),
        "suggested": suggested,
        "alarm": alarms_of([found], year).get(found.pk),
        "readings": readings,
        "statements": found.statements.filter(year=year)
        .select_related("stated_by")
        .prefetch_related("files")
        .order_by("-stated_at"),
        "may_write": may_at_all(request.actor, "targets.write"),
        "may_state": may_at_all(request.actor, "targets.state"),
    }
    return render(request, "ledger/target.html", shown, status=422 if bind or state else 200)
