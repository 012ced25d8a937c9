"""模型与自动派单: every version with its figures, and the switch that lets the system dispatch."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.exports import export_of
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from . import actions
from .auto import bar_for
from .files import model_path
from .forms import AutoForm
from .lists import MODELS, MODELS_ORDER
from .models import AutoDispatch, ModelVersion

PER_PAGE = 20
USUAL = Decimal("95.0")


@require_GET
@allowed("understanding.read")
def models(request: Request) -> HttpResponse:
    """Versions of the models, the newest first, and automatic dispatch."""
    return _show(request, None)


@require_POST
@allowed("understanding.write")
def auto(request: Request) -> HttpResponse:
    """Set automatic dispatch."""
    form = AutoForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.set_auto_dispatch(request.actor, said["wanted"], said["switched_on"], timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已保存。" + ("自动派单已开启。" if said["switched_on"] else "自动派单已关闭。"))
            return redirect("understanding-models")
    return _show(request, form)


@require_POST
@allowed("understanding.write")
def retrain(request: Request) -> HttpResponse:
    """Ask the worker to learn now."""
    actions.ask_retraining(request.actor, timezone.now())
    messages.success(request, "已交给后台训练，几分钟后在此页看到结果；在用的模型不受影响。")
    return redirect("understanding-models")


@require_POST
@allowed("understanding.write")
def use(request: Request, version_id: int) -> HttpResponse:
    """Put a former version back in service."""
    try:
        version = actions.put_in_service(request.actor, version_id, timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{version.name} 已启用，现在起按它建议。")
    return redirect("understanding-models")


def _show(request: Request, form: AutoForm | None) -> HttpResponse:
    rule = AutoDispatch.objects.select_related("changed_by").first()
    version = ModelVersion.objects.filter(what=ModelVersion.What.unit, state=ModelVersion.State.in_service).first()
    wanted = rule.wanted if rule else USUAL
    unused = ModelVersion.objects.filter(what=ModelVersion.What.unit, state=ModelVersion.State.candidate)
    refused = None if version else unused.order_by("-pk").first()
    initial = {"wanted": wanted, "switched_on": bool(rule and rule.switched_on)}
    page = page_of(ModelVersion.objects.all(), MODELS_ORDER, request.GET, PER_PAGE)
    may_write = may_at_all(request.actor, "understanding.write")
    values = {
        "rule": rule,
        "version": version,
        "wanted": wanted,
        "bar": bar_for(version, float(wanted) / 100),
        "promises": version.promises if version else [],
        "refused": refused,
        "refused_bar": bar_for(refused, float(wanted) / 100),
        "form": form or AutoForm(initial=initial),
        "page": page,
        "rows": [(one, may_write and _kept(one)) for one in page],
        "may_write": may_write,
        "entries": entries_about("auto_dispatch:1") if may_write else None,
        **export_of(request.actor, MODELS),
    }
    return render(request, "insight/understanding/models.html", values, status=422 if form and form.errors else 200)


def _kept(version: ModelVersion) -> bool:
    retired = version.state == ModelVersion.State.retired
    return retired and bool(version.digest) and model_path(version.name).is_file()
