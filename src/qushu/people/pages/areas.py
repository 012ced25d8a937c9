"""区域: the district's streets, communities and grids, each valid for a time."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.kernel.errors import Refused
from qushu.people import actions
from qushu.people.access_web import allowed
from qushu.people.forms.units import AreaForm, CloseForm, MoveForm, RenameForm
from qushu.people.models import Unit
from qushu.people.queries import entries_about
from qushu.people.requests import Request
from qushu.places.models import Area
from qushu.places.queries import Node, area_tree


@require_GET
@allowed("areas.write")
def areas(request: Request) -> HttpResponse:
    """The tree of areas; `?closed=1` shows also those that are no longer or not yet valid."""
    with_closed = request.GET.get("closed") == "1"
    today = timezone.localdate()
    units = dict(Unit.objects.filter(active=True, area__isnull=False).order_by("-code").values_list("area_id", "name"))
    rows = _rows(area_tree(today, with_closed), 0, units)
    page = {"rows": rows, "with_closed": with_closed, "today": today}
    return render(request, "people/areas.html", page)


@allowed("areas.write")
def new_area(request: Request) -> HttpResponse:
    """Open an area; `?parent=` chooses where."""
    initial = {"valid_from": timezone.localdate(), "parent": request.GET.get("parent")}
    form = AreaForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            area = actions.open_area(request.actor, form.facts(), timezone.now())
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"已新设“{area.name}”。")
            return redirect("places:area", area.pk)
    return render(request, "people/area_new.html", {"form": form}, status=422 if form.errors else 200)


@allowed("areas.write")
def area(request: Request, area_id: int) -> HttpResponse:
    """One area: rename it, move it, close it; what was changed."""
    chosen = get_object_or_404(Area.objects.select_related("parent"), pk=area_id)
    forms: dict[str, Form] = _forms(chosen)
    verb = request.POST.get("verb", "")
    if request.method == "POST" and verb in VERBS:
        form = forms[verb] = type(forms[verb])(request.POST, auto_id=f"{verb}_%s")
        if form.is_valid():
            try:
                VERBS[verb](request, chosen, form)
            except Refused as refused:
                form.add_error(None, refused.message)
            else:
                messages.success(request, "已保存。")
                return redirect("places:area", chosen.pk)
    wrong = any(form.errors for form in forms.values())
    page = {
        "chosen": chosen,
        "forms": forms,
        "today": timezone.localdate(),
        "children": chosen.children.order_by("code"),
        "units": Unit.objects.filter(area=chosen).order_by("code"),
        "entries": entries_about(f"area:{chosen.code}"),
    }
    return render(request, "people/area.html", page, status=422 if wrong else 200)


def _forms(chosen: Area) -> dict[str, Form]:
    moved = {"parent": chosen.parent_id, "valid_from": chosen.valid_from}
    return {
        "rename": RenameForm(initial={"name": chosen.name, "since": timezone.localdate()}, auto_id="rename_%s"),
        "move": MoveForm(initial=moved, auto_id="move_%s"),
        "close": CloseForm(auto_id="close_%s"),
    }


def _rename(request: Request, chosen: Area, form: Form) -> None:
    said = form.cleaned_data
    actions.rename_area(request.actor, chosen.pk, said["name"], said["since"], timezone.now())


def _move(request: Request, chosen: Area, form: Form) -> None:
    said = form.cleaned_data
    actions.change_area(request.actor, chosen.pk, said["parent"], said["valid_from"], timezone.now())


def _close(request: Request, chosen: Area, form: Form) -> None:
    said = form.cleaned_data
    actions.close_area(request.actor, chosen.pk, said["last_day"], timezone.now(), said["reason"])


VERBS: dict[str, Callable[[Request, Area, Form], None]] = {"rename": _rename, "move": _move, "close": _close}


@dataclass(frozen=True)
class Row:
    """An area in the list: how far it is set in, how many areas lie in it, the unit whose area it is."""

    area: Area
    indent: str
    below: int
    unit: str


def _rows(nodes: list[Node], depth: int, units: dict[int, str]) -> list[Row]:
    rows = []
    for node in nodes:
        rows.append(Row(node.area, "　" * depth, len(node.children), units.get(node.area.pk, "")))
        rows += _rows(node.children, depth + 1, units)
    return rows
