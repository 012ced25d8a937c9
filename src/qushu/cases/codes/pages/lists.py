"""渠道 and 理由: lists that forms choose from."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from ...models import Channel, Reason
from .. import actions
from ..actions.lists import MOVES, subject_of
from ..forms.lists import ChannelForm, ReasonFilter, ReasonForm
from ..saving import Saved, save, uses_in_the_way
from ..tabs import CODE_TABS

PER_PAGE = 100


@require_GET
@allowed("codes.write")
def channels(request: Request) -> HttpResponse:
    """Every channel, in the order of the lists."""
    page = {"rows": Channel.objects.order_by("order", "code"), "tabs": CODE_TABS, "tab": "channels"}
    return render(request, "codes/channels.html", page)


@allowed("codes.write")
def new_channel(request: Request) -> HttpResponse:
    """A new channel."""
    form = ChannelForm(request.POST or None)

    def add() -> Saved:
        actions.add_channel(request.actor, form.cleaned_data["code"], form.facts(), timezone.now())
        return Saved(f"已新增渠道“{form.cleaned_data['name']}”。", "channels")

    return save(request, form, add) or _form(request, form, "新增渠道", "渠道", "channels")


@allowed("codes.write")
def channel(request: Request, code: str) -> HttpResponse:
    """One channel: change it, see what was changed."""
    chosen = get_object_or_404(Channel, pk=code)
    form = ChannelForm(request.POST or None, chosen=chosen)

    def change() -> Saved:
        actions.change_channel(request.actor, chosen.code, form.facts(), timezone.now())
        return Saved("已保存。", "channels")

    return save(request, form, change) or _form(request, form, chosen.name, "渠道", "channels", f"channel:{code}", code)


@require_GET
@allowed("codes.write")
def reasons(request: Request) -> HttpResponse:
    """Every reason, by what it is for."""
    form = ReasonFilter(request.GET)
    listed = page_of(_narrowed(form), ("move", "code"), request.GET, PER_PAGE)
    rows = [(reason, MOVES.get(reason.move, reason.move)) for reason in listed]
    page = {"page": listed, "rows": rows, "filter": form, "tabs": CODE_TABS, "tab": "reasons"}
    return render(request, "codes/reasons.html", page)


@allowed("codes.write")
def new_reason(request: Request) -> HttpResponse:
    """A new reason; `?move=` says for what."""
    form = ReasonForm(request.POST or None, initial={"move": request.GET.get("move")})

    def add() -> Saved:
        said = form.cleaned_data
        actions.add_reason(request.actor, said["move"], said["code"], form.facts(), timezone.now())
        return Saved(f"已新增理由“{said['name']}”。", "reasons")

    return save(request, form, add) or _form(request, form, "新增理由", "理由", "reasons")


@allowed("codes.write")
def reason(request: Request, reason_id: int) -> HttpResponse:
    """One reason: change it, see what was changed."""
    chosen = get_object_or_404(Reason, pk=reason_id)
    form = ReasonForm(request.POST or None, chosen=chosen)
    note = f"{MOVES.get(chosen.move, chosen.move)} {chosen.code}"

    def change() -> Saved:
        actions.change_reason(request.actor, chosen.pk, form.facts(), timezone.now())
        return Saved("已保存。", "reasons")

    return save(request, form, change) or _form(request, form, chosen.name, "理由", "reasons", subject_of(chosen), note)


def _form(
    request: Request,
    form: ChannelForm | ReasonForm,
    title: str,
    up: str,
    up_name: str,
    subject: str = "",
    note: str = "",
) -> HttpResponse:
    page = {
        "form": form,
        "title": title,
        "note": note,
        "up": up,
        "up_name": up_name,
        "uses": uses_in_the_way(form),
        "entries": entries_about(subject) if subject else None,
    }
    return render(request, "codes/form.html", page, status=422 if form.errors else 200)


def _narrowed(form: ReasonFilter) -> QuerySet[Reason]:
    form.is_valid()
    said, chosen = form.cleaned_data, Reason.objects.all()
    if said.get("q"):
        chosen = chosen.filter(Q(name__icontains=said["q"]) | Q(basis__icontains=said["q"]) | Q(code=said["q"]))
    if said.get("move"):
        chosen = chosen.filter(move=said["move"])
    if said.get("state"):
        chosen = chosen.filter(active=said["state"] == "active")
    return chosen
