"""接入来源: what other systems may send, how they are doing, and the address they push to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qushu.cases.exports import export_of
from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.requests import Request

from ..api.problems import Problem, answer
from ..models import FeedSource
from .forms import NewSourceForm, SourceForm
from .lists import BATCHES, SOURCES
from .pulling import pull
from .pushing import MOST_BYTES, take_push
from .queries import NEWEST_BATCHES, batches, refused_rows, sources_with_newest
from .sources import add_source, change_source, renew_secret, switch_source

SHOWN = 20
MANY = 100


@never_cache
@allowed("feeds.read")
def sources(request: Request) -> HttpResponse:
    """Every source with its newest batch and last error; a new one, whose secret is on the answer and never again."""
    form, made, secret = NewSourceForm(request.POST or None), None, ""
    if request.method == "POST":
        refuse_without(request, "feeds.write")
        if form.is_valid():
            try:
                made, secret = add_source(
                    request.actor, form.cleaned_data["code"].strip(), form.facts(), timezone.now()
                )
                form = NewSourceForm()
            except Refused as refused:
                show_refusal(form, refused)
    shown = {
        "form": form,
        "made": made,
        "secret": secret,
        "sources": sources_with_newest(),
        "open_rows": refused_rows()[: MANY + 1].count(),
        "many": MANY,
        "may_write": may_at_all(request.actor, "feeds.write"),
        **export_of(request.actor, SOURCES),
    }
    return render(request, "hotline/feeds/sources.html", shown, status=422 if form.errors else 200)


@csrf_exempt
def feed(request: HttpRequest, code: str) -> HttpResponseBase:
    """The address of a source: a push is a signed POST; whoever opens it in a browser sees the source's page."""
    return _push(request, code) if request.method == "POST" else source(request, code)


def _push(request: HttpRequest, code: str) -> HttpResponse:
    try:
        if number_in(request.headers.get("Content-Length", ""), MOST_BYTES) is None:
            raise Problem(
                413, "too_large", f"一次最多 {MOST_BYTES >> 20} MB，并须给出 Content-Length。什么也没有受理。"
            )
        signature = request.headers.get("X-Qushu-Signature", "")
        receipt = take_push(code, signature, request.headers.get("Content-Type", ""), request.body, timezone.now())
    except Problem as problem:
        return answer(request, problem)
    except Refused as refused:
        return answer(request, Problem(503, refused.code, refused.message))
    return JsonResponse(receipt, json_dumps_params={"ensure_ascii": False})


@never_cache
@allowed("feeds.read")
def source(request: Request, code: str) -> HttpResponse:
    """One source: how to push to it, its batches, its settings."""
    return _source_page(request, _found(code))


@require_POST
@allowed("feeds.write")
def settings(request: Request, code: str) -> HttpResponse:
    """Save name, mapping and place."""
    known = _found(code)
    form = SourceForm(request.POST, mapping=known.mapping)
    if form.is_valid():
        try:
            change_source(request.actor, code, form.facts(), timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已保存，从下一批起生效。")
            return redirect("feed", code)
    return _source_page(request, known, form=form, status=422)


@never_cache
@require_POST
@allowed("feeds.write")
def secret(request: Request, code: str) -> HttpResponse:
    """A new secret, on this answer and never again."""
    known, made = renew_secret(request.actor, _found(code).code, timezone.now())
    return _source_page(request, known, secret=made)


@require_POST
@allowed("feeds.write")
def switch(request: Request, code: str) -> HttpResponse:
    """On or off."""
    known = switch_source(request.actor, _found(code).code, request.POST.get("active") == "1", timezone.now())
    messages.success(request, f"“{known.name}”已{'启用' if known.active else '停用，推送和拉取都不再受理'}。")
    return redirect("feed", code)


@require_POST
@allowed("feeds.write")
def pull_now(request: Request, code: str) -> HttpResponse:
    """Look at the source's place now; files are read even when they are seen for the first time."""
    try:
        done = pull(request.actor, _found(code).code, timezone.now(), at_once=True)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        read = sum(batch.accepted for batch in done.batches)
        messages.success(
            request, f"读了 {len(done.batches)} 批，新受理 {read} 件。" if done.batches else "没有新的内容。"
        )
    return redirect("feed", code)


def _source_page(
    request: Request, known: FeedSource, *, form: SourceForm | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    said = {"name": known.name, "mapping": known.mapping, "location": known.location}
    shown = {
        "source": known,
        "form": form or SourceForm(initial=said, mapping=known.mapping),
        "secret": secret,
        "address": request.build_absolute_uri(f"/feeds/{known.code}/"),
        "page": page_of(batches(known.code), NEWEST_BATCHES, request.GET, SHOWN),
        "may_write": may_at_all(request.actor, "feeds.write"),
        **export_of(request.actor, BATCHES, code=known.code),
    }
    return render(request, "hotline/feeds/source.html", shown, status=status)


def _found(code: str) -> FeedSource:
    known = FeedSource.objects.filter(code=code).first()
    if known is None:
        raise Http404
    return known
