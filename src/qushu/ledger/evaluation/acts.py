"""What is done with a form: write, fill anew, submit, review, send back, sign, release."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from qushu.kernel.errors import Refused
from qushu.people.access import Actor
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..queries import asked_document, asked_year
from . import actions, releasing
from .forms import BackForm, Written
from .pages import find_evaluation, show_evaluation

Act = Callable[[Actor, int, datetime], object]


@require_POST
@allowed("evaluation.write")
def write(request: Request, evaluation_id: int) -> HttpResponse:
    """Keep what was written; with `do=submit` hand it to the reviewer."""
    found = find_evaluation(evaluation_id)
    written = Written.of(found, request.POST)
    if not written.is_valid():
        return show_evaluation(request, found, "有几处填得不对，见下面各处。没有保存。", written=written)
    lines = {pk: actions.LineSaid(**form.cleaned_data) for pk, form in written.lines.items()}
    try:
        actions.write(request.actor, evaluation_id, written.texts.cleaned_data, lines, timezone.now())
    except Refused as refused:
        return show_evaluation(request, found, refused.message, written=written)
    if request.POST.get("do") != "submit":
        messages.success(request, "已保存。")
        return redirect("self-evaluation", evaluation_id)
    return _act(request, evaluation_id, actions.submit, "已提交，等待另一位同事复核。")


@require_POST
@allowed("evaluation.write")
def refill(request: Request, evaluation_id: int) -> HttpResponse:
    """Take all values anew."""
    return _act(request, evaluation_id, actions.refill, "已重新取值；填写的内容没有变。")


@require_POST
@allowed("evaluation.review")
def review(request: Request, evaluation_id: int) -> HttpResponse:
    """The second person agrees."""
    return _act(request, evaluation_id, actions.review, "已复核，等待签署。")


@require_POST
@allowed("evaluation.review")
def send_back(request: Request, evaluation_id: int) -> HttpResponse:
    """Back to the writers."""
    form = BackForm(request.POST)
    if not form.is_valid():
        return show_evaluation(request, find_evaluation(evaluation_id), back=form)

    def act(actor: Actor, pk: int, now: datetime) -> object:
        return actions.send_back(actor, pk, form.cleaned_data["words"], now)

    return _act(request, evaluation_id, act, "已退回。")


@require_POST
@allowed("evaluation.sign")
def sign(request: Request, evaluation_id: int) -> HttpResponse:
    """The third person signs."""
    return _act(request, evaluation_id, actions.sign, "已签署并封存；之后数据有变，这张表不变。")


@require_POST
@allowed("evaluation.release")
def release(request: Request, evaluation_id: int) -> HttpResponse:
    """Onto the public page."""
    return _act(request, evaluation_id, releasing.release_evaluation, "已公开，公众页可以下载。")


@require_POST
@allowed("evaluation.release")
def withdraw(request: Request, evaluation_id: int) -> HttpResponse:
    """Off the public page."""
    return _act(request, evaluation_id, releasing.withdraw_evaluation, "已从公众页撤回。")


def _act(request: Request, evaluation_id: int, act: Act, done: str) -> HttpResponse:
    """Do it; a refusal stands on the page."""
    try:
        act(request.actor, evaluation_id, timezone.now())
    except Refused as refused:
        return show_evaluation(request, find_evaluation(evaluation_id), refused.message)
    messages.success(request, done)
    return redirect("self-evaluation", evaluation_id)


@require_POST
@allowed("evaluation.release")
def release_targets(request: Request) -> HttpResponse:
    """The targets of a document with their values as they are now, onto the public page."""
    said = request.POST.dict()
    document = asked_document(said)
    year = asked_year(said, document.year)
    releasing.release_targets(request.actor, document.pk, year, timezone.now())
    messages.success(request, f"已公开 {year} 年的绩效目标和现值。")
    return redirect("self-evaluations")


@require_POST
@allowed("evaluation.release")
def withdraw_targets(request: Request, release_id: int) -> HttpResponse:
    """Off the public page."""
    try:
        releasing.withdraw_targets(request.actor, release_id, timezone.now())
        messages.success(request, "已撤回。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("self-evaluations")
