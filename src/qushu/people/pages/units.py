"""单位: the bodies that cases are sent to, with their duties."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.people import actions
from qushu.people.access_web import allowed
from qushu.people.forms.units import UnitFilter, UnitForm
from qushu.people.models import Grant, Unit
from qushu.people.queries import entries_about
from qushu.people.requests import Request

PER_PAGE = 50


@require_GET
@allowed("units.write")
def units(request: Request) -> HttpResponse:
    """All units, narrowed by words, kind and state."""
    form = UnitFilter(request.GET)
    page = page_of(_narrowed(form).select_related("parent", "area"), ("code",), request.GET, PER_PAGE)
    return render(request, "people/units.html", {"filter": form, "page": page})


@allowed("units.write")
def new_unit(request: Request) -> HttpResponse:
    """Create a unit."""
    form = UnitForm(request.POST or None)
    if form.is_valid():
        try:
            unit = actions.create_unit(request.actor, form.cleaned_data["code"], form.facts(), timezone.now())
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"已新建单位“{unit.name}”。接下来请为它的人员授予角色。")
            return redirect("people:unit", unit.pk)
    return render(request, "people/unit.html", {"form": form}, status=422 if form.errors else 200)


@allowed("units.write")
def unit(request: Request, unit_id: int) -> HttpResponse:
    """One unit: change it, see who works for it and what was changed."""
    chosen = get_object_or_404(Unit.objects.select_related("parent", "area"), pk=unit_id)
    form = UnitForm(request.POST or None, unit=chosen)
    if form.is_valid():
        try:
            actions.change_unit(request.actor, chosen.pk, form.facts(), timezone.now())
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "已保存。")
            return redirect("people:unit", chosen.pk)
    page = {
        "form": form,
        "chosen": chosen,
        "grants": Grant.objects.filter(unit=chosen).select_related("account").order_by("role", "account__username"),
        "children": chosen.children.order_by("code"),
        "entries": entries_about(f"unit:{chosen.code}"),
    }
    return render(request, "people/unit.html", page, status=422 if form.errors else 200)


def _narrowed(form: UnitFilter) -> QuerySet[Unit]:
    form.is_valid()
    said, chosen = form.cleaned_data, Unit.objects.all()
    if said.get("q"):
        words = said["q"]
        chosen = chosen.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(duties__icontains=words))
    if said.get("kind"):
        chosen = chosen.filter(kind=said["kind"])
    if said.get("state"):
        chosen = chosen.filter(active=said["state"] == "active")
    return chosen
