"""Login in one or two steps, and logout."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qushu.people import audit
from qushu.people.access_web import safe_next
from qushu.people.addresses import address_of
from qushu.people.forms.login import CodeForm, LoginForm
from qushu.people.login import check_code, check_password, note_success
from qushu.people.models import Account
from qushu.people.requests import Visit
from qushu.people.sessions import begin_session, end_session

HALF_WAY = timedelta(minutes=5)
WRONG = "账号或密码不对，或者账号已锁定、停用。连续 5 次不对会锁定 15 分钟，之后再错会锁得更久；急用请联系管理员。"
WHY = {
    "idle": "您有一段时间没有操作，已自动退出。草稿仍保存在本机，登录后可以继续。",
    "ended": "这次登录已经结束（在别处退出、登录的设备太多，或密码已修改）。请重新登录。",
    "half": "动态码没有在 5 分钟内输入，请重新登录。",
}


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: Visit) -> HttpResponse:
    """Account and password; then on to the one-time code, or in."""
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if request.account is not None:
        return redirect(target)
    form = LoginForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        account = check_password(form.cleaned_data["username"], form.cleaned_data["password"], address_of(request), now)
        if account is not None:
            return (
                _half_way(request, account, target, now)
                if account.totp_sealed
                else _enter(request, account, target, now)
            )
        form.add_error(None, WRONG)
    page = {"form": form, "next": target, "why": WHY.get(request.GET.get("why", ""), "")}
    return render(request, "people/login.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def login_code(request: Visit) -> HttpResponse:
    """The second step: the one-time code of who has just given the right password on this browser."""
    now = timezone.now()
    half = request.session.get("half_way") or {}
    account = Account.objects.filter(pk=half.get("account", 0), is_active=True).first()
    if account is None or half["until"] < now.timestamp():
        return redirect(f"{reverse('people:login')}?why=half")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if check_code(account, form.cleaned_data["code"], address_of(request), now):
            return _enter(request, account, half["next"], now)
        form.add_error("code", "动态码不对或已经用过，请等下一个。多次不对会锁定账号。")
    return render(request, "people/login_code.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def logout(request: Visit) -> HttpResponse:
    """End this browser's session."""
    if request.account is not None:
        subject = f"account:{request.account.username}"
        audit.record(request.actor, "logout", subject, address=address_of(request), now=timezone.now())
    end_session(request)
    return redirect("people:login")


def _half_way(request: Visit, account: Account, target: str, now: datetime) -> HttpResponse:
    request.session.flush()
    request.session["half_way"] = {"account": account.pk, "next": target, "until": (now + HALF_WAY).timestamp()}
    return redirect("people:login-code")


def _enter(request: Visit, account: Account, target: str, now: datetime) -> HttpResponse:
    ended = begin_session(request, account, now)
    note_success(account, address_of(request), ended, now)
    if account.must_change_password:
        return HttpResponseRedirect(f"{reverse('people:password')}?{urlencode({'next': target})}")
    return HttpResponseRedirect(target)
