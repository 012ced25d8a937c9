"""我的账号: password, one-time code, sessions of oneself."""

from base64 import b64decode, b64encode
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.people import actions
from qushu.people.access_web import safe_next, signed_in
from qushu.people.actors import actor_for
from qushu.people.forms.login import CodeForm, OwnPasswordForm, PasswordForm
from qushu.people.limits import allow
from qushu.people.models import Account, Grant
from qushu.people.requests import Request, Visit
from qushu.people.sessions import idle_limit, live_sessions, most_sessions
from qushu.people.totp import address_for_app, code_fits, new_secret, open_secret, qr_svg, seal_secret

PASSWORD_TRIES, PASSWORD_WINDOW = 10, 900
"""How often the own password may be asked in an open session, in seconds: whoever finds one open can't guess on."""

TOO_OFTEN = "尝试次数太多，请一刻钟后再试。没有改动。"


@require_GET
@signed_in
def profile(request: Request) -> HttpResponse:
    """What the account may do, and where it is logged in."""
    account = request.account
    page = {
        "grants": Grant.objects.filter(account=account).select_related("unit", "area").order_by("role", "pk"),
        "sessions": live_sessions(account.pk),
        "own": request.sign_in,
        "most": most_sessions(),
        "idle_minutes": int(idle_limit().total_seconds() // 60),
        "off_form": OwnPasswordForm(),
    }
    return render(request, "people/profile.html", page)


@never_cache
@sensitive_post_parameters()
def password(request: Visit) -> HttpResponse:
    """Change the password; the only page for who has to. So it asks for a session, not for `signed_in`."""
    account = request.account
    if account is None:
        return redirect("people:login")
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    form = PasswordForm(request.POST or None)
    now = timezone.now()
    if form.is_valid() and not _may_try(account, now):
        form.add_error("present", TOO_OFTEN)
    if form.is_valid():
        present, new = form.cleaned_data["present"], form.cleaned_data["new"]
        try:
            actions.change_own_password(account, actor_for(account), present, new, now, request.session.session_key)
        except Refused as refused:
            form.add_error("present" if refused.code == "present_password" else "new", refused.message)
        else:
            messages.success(request, "密码已修改，其他设备上的登录已全部退出。")
            return redirect(target)
    page = {"form": form, "next": target, "must": account.must_change_password}
    return render(request, "people/password.html", page, status=422 if form.errors else 200)


@never_cache
@signed_in
def totp(request: Request) -> HttpResponse:
    """Switch the one-time code on: show the secret once as a QR code, keep it when a code of it comes back."""
    account = request.account
    if account.totp_sealed:
        return redirect("people:profile")
    secret = _pending_secret(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        if code_fits(account, secret, form.cleaned_data["code"], now):
            actions.switch_totp_on(account, request.actor, secret, now)
            del request.session["totp_pending"]
            messages.success(request, "动态码已启用。下次登录时，输入密码后还要输入动态码。")
            return redirect("people:profile")
        form.add_error("code", "动态码不对。请核对手机时间是否准确，等下一个再输入。")
    page = {"form": form, "secret": secret}
    return render(request, "people/totp.html", page, status=422 if form.errors else 200)


@never_cache
@require_GET
@signed_in
def totp_qr(request: Request) -> HttpResponse:
    """The pending secret as a QR code for an authenticator app."""
    if request.account.totp_sealed or "totp_pending" not in request.session:
        raise Http404
    address = address_for_app(request.account, _pending_secret(request))
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")


@require_POST
@sensitive_post_parameters()
@signed_in
def totp_off(request: Request) -> HttpResponse:
    """Switch the one-time code off, with the password."""
    now = timezone.now()
    try:
        if not _may_try(request.account, now):
            raise Refused(TOO_OFTEN, code="too_often")
        actions.switch_totp_off(request.account, request.actor, request.POST.get("password", ""), now)
        messages.success(request, "动态码已停用。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("people:profile")


@require_POST
@signed_in
def end_session(request: Request) -> HttpResponse:
    """End one of one's own sessions (`session`), or all others."""
    chosen = request.POST.get("session", "")
    ended = actions.end_own_session(
        request.account,
        request.actor,
        number_in(chosen),
        request.session.session_key,
        timezone.now(),
    )
    messages.success(request, f"已退出 {ended} 处登录。")
    return redirect("people:profile")


def _may_try(account: Account, now: datetime) -> bool:
    return allow(f"password:{account.pk}", PASSWORD_TRIES, PASSWORD_WINDOW, now)


def _pending_secret(request: Request) -> str:
    # Sealed there too: sessions lie in the database, the key does not.
    kept = request.session.get("totp_pending")
    if kept:
        return open_secret(request.account, b64decode(kept))
    secret = new_secret()
    request.session["totp_pending"] = b64encode(seal_secret(request.account, secret)).decode()
    return secret
