"""账号: list, create, and everything that can be done to one account."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.people import actions
from qushu.people.access_web import allowed
from qushu.people.forms.accounts import AccountFilter, AccountForm, GrantForm, NewAccountForm, ReasonForm
from qushu.people.login import is_locked
from qushu.people.models import Account, Grant
from qushu.people.queries import entries_about
from qushu.people.requests import Request
from qushu.people.sessions import live_sessions

PER_PAGE = 50


@require_GET
@allowed("accounts.write")
def accounts(request: Request) -> HttpResponse:
    """All accounts, narrowed by name, role, unit and state."""
    form = AccountFilter(request.GET)
    chosen = _narrowed(form).prefetch_related(
        Prefetch("grants", Grant.objects.select_related("unit", "area").order_by("role", "pk"))
    )
    page = page_of(chosen, ("username",), request.GET, PER_PAGE)
    return render(request, "people/accounts.html", {"filter": form, "page": page})


@never_cache
@allowed("accounts.write")
def new_account(request: Request) -> HttpResponse:
    """Create an account; its generated password is shown on the answer to this request and never again."""
    form = NewAccountForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            account, password = actions.create_account(
                request.actor, said["username"], said["name"], said["phone"], timezone.now()
            )
        except Refused as refused:
            form.add_error("username", refused.message)
        else:
            return _one(request, account, password=password)
    return render(request, "people/account_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@allowed("accounts.write")
def account(request: Request, account_id: int) -> HttpResponse:
    """One account: what is known of it, its roles, its sessions, what was done to it."""
    chosen = get_object_or_404(Account, pk=account_id)
    if request.method != "POST":
        return _one(request, chosen)
    form = AccountForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        actions.change_account(request.actor, chosen.pk, said["name"], said["phone"], timezone.now())
        messages.success(request, "已保存。")
        return redirect("people:account", account_id)
    return _one(request, chosen, form=form, status=422)


@never_cache
@require_POST
@allowed("accounts.write")
def change(request: Request, account_id: int, verb: str) -> HttpResponse:
    """One of the buttons on an account's page."""
    chosen = get_object_or_404(Account, pk=account_id)
    if verb not in VERBS:
        raise Http404
    try:
        return VERBS[verb](request, chosen)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("people:account", account_id)


def _disable(request: Request, chosen: Account) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("请写明停用原因。账号仍然启用。", code="reason")
    actions.disable_account(request.actor, chosen.pk, form.cleaned_data["reason"], timezone.now())
    return _done(request, chosen, "账号已停用，登录中的会话已全部退出。")


def _enable(request: Request, chosen: Account) -> HttpResponse:
    actions.enable_account(request.actor, chosen.pk, timezone.now())
    return _done(request, chosen, "账号已启用。")


def _unlock(request: Request, chosen: Account) -> HttpResponse:
    actions.unlock_account(request.actor, chosen.pk, timezone.now())
    return _done(request, chosen, "账号已解锁。")


def _reset_password(request: Request, chosen: Account) -> HttpResponse:
    password = actions.reset_password(request.actor, chosen.pk, timezone.now())
    chosen.refresh_from_db()
    return _one(request, chosen, password=password)


def _reset_totp(request: Request, chosen: Account) -> HttpResponse:
    actions.reset_totp(request.actor, chosen.pk, request.POST.get("reason", ""), timezone.now())
    return _done(request, chosen, "动态码已重置，下次登录只需密码。请本人尽快重新启用。")


def _end_sessions(request: Request, chosen: Account) -> HttpResponse:
    one = request.POST.get("session", "")
    ended = actions.end_account_sessions(request.actor, chosen.pk, timezone.now(), number_in(one))
    return _done(request, chosen, f"已退出 {ended} 处登录。")


def _add_grant(request: Request, chosen: Account) -> HttpResponse:
    form = GrantForm(request.POST)
    if not form.is_valid():
        raise Refused("请选择角色；单位和区域须从列表里选。没有授权。", code="grant")
    said = form.cleaned_data
    actions.add_grant(request.actor, chosen.pk, said["role"], timezone.now(), said["unit"], said["area"])
    return _done(request, chosen, "已授权，立即生效。")


def _remove_grant(request: Request, chosen: Account) -> HttpResponse:
    actions.remove_grant(request.actor, chosen.pk, number_in(request.POST.get("grant", "")) or 0, timezone.now())
    return _done(request, chosen, "已收回，立即生效。")


VERBS: dict[str, Callable[[Request, Account], HttpResponse]] = {
    "disable": _disable,
    "enable": _enable,
    "unlock": _unlock,
    "reset-password": _reset_password,
    "reset-totp": _reset_totp,
    "end-sessions": _end_sessions,
    "add-grant": _add_grant,
    "remove-grant": _remove_grant,
}


def _done(request: Request, chosen: Account, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("people:account", chosen.pk)


def _one(
    request: Request, chosen: Account, password: str = "", form: AccountForm | None = None, status: int = 200
) -> HttpResponse:
    page = {
        "chosen": chosen,
        "password": password,
        "form": form or AccountForm(initial={"name": chosen.name, "phone": chosen.phone}),
        "locked": is_locked(chosen, timezone.now()),
        "grants": chosen.grants.select_related("unit", "area").order_by("role", "pk"),
        "grant_form": GrantForm(),
        "reason_form": ReasonForm(),
        "totp_form": ReasonForm(auto_id="totp_%s"),
        "sessions": live_sessions(chosen.pk),
        "entries": entries_about(f"account:{chosen.username}"),
    }
    return render(request, "people/account.html", page, status=status)


def _narrowed(form: AccountFilter) -> QuerySet[Account]:
    form.is_valid()
    said, chosen = form.cleaned_data, Account.objects.all()
    if said.get("q"):
        chosen = chosen.filter(Q(username__icontains=said["q"]) | Q(name__icontains=said["q"]))
    if said.get("role"):
        chosen = chosen.filter(pk__in=Grant.objects.filter(role=said["role"]).values("account"))
    if said.get("unit"):
        chosen = chosen.filter(pk__in=Grant.objects.filter(unit=said["unit"]).values("account"))
    states = {
        "active": Q(is_active=True),
        "disabled": Q(is_active=False),
        "locked": Q(locked_until__gt=timezone.now()),
        "never": Q(last_login__isnull=True),
    }
    return chosen.filter(states[said["state"]]) if said.get("state") else chosen
