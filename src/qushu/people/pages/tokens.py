"""接口令牌: keys for other systems."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qushu.kernel.errors import Refused
from qushu.people.access_web import allowed
from qushu.people.forms.accounts import TokenForm
from qushu.people.models import ApiToken
from qushu.people.requests import Request
from qushu.people.tokens import make_token, revoke_token, scope_words


@never_cache
@allowed("tokens.write")
def tokens(request: Request) -> HttpResponse:
    """All tokens, and a form for a new one, whose secret is on the answer to this request and never again."""
    form, made, secret = TokenForm(request.POST or None), None, ""
    if form.is_valid():
        said = form.cleaned_data
        try:
            made, secret = make_token(
                request.actor,
                said["name"],
                said["scopes"],
                said["account"],
                _end_of(said["expires_on"]),
                timezone.now(),
            )
            form = TokenForm()
        except Refused as refused:
            form.add_error(None, refused.message)
    listed = ApiToken.objects.select_related("account").order_by("-pk")
    rows = [(token, scope_words(token)) for token in listed]
    page = {"form": form, "rows": rows, "made": made, "secret": secret}
    return render(request, "people/tokens.html", page, status=422 if form.errors else 200)


@require_POST
@allowed("tokens.write")
def revoke(request: Request, token_id: int) -> HttpResponse:
    """End a token."""
    token = get_object_or_404(ApiToken, pk=token_id)
    revoke_token(request.actor, token.pk, request.POST.get("reason", ""), timezone.now())
    messages.success(request, f"令牌“{token.name}”已吊销，使用它的系统从现在起不能访问。")
    return redirect("people:tokens")


def _end_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, timezone.get_current_timezone())
