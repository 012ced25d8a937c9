"""What a view needs to keep out those who may not: `@allowed("case.list")` and `@signed_in`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from .access import may_at_all
from .models import Role
from .requests import Request, Visit

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def allowed(action: str) -> Callable[[View[P]], Guarded[P]]:
    """Decorator: only for those with any scope for the action of the matrix; which rows they see, the query decides.

    An anonymous visitor goes to the login page and comes back; somebody else gets the 403 page (PermissionDenied).
    """

    def guard(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def inside(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            turned_away = _to_the_door(cast(Visit, request))
            if turned_away is not None:
                return turned_away
            known = cast(Request, request)
            refuse_without(known, action)
            return view(known, *args, **kwargs)

        vars(inside).update(action=action, guarded=True)  # read by the navigation and by the test of page by role
        return inside

    return guard


def signed_in(view: View[P]) -> Guarded[P]:
    """Decorator: for everybody who is logged in, whatever the role."""

    @wraps(view)
    def inside(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return _to_the_door(cast(Visit, request)) or view(cast(Request, request), *args, **kwargs)

    vars(inside).update(guarded=True)
    return inside


def refuse_without(request: Request, action: str) -> None:
    """For a view whose action follows from its address: raises PermissionDenied when the actor has no scope for it."""
    if not may_at_all(request.actor, action):
        raise PermissionDenied(_refusal(request))


def safe_next(request: HttpRequest, wanted: str | None) -> str:
    """`wanted` when it is the path of a page of this site, else the home page."""
    if (
        wanted
        and wanted.startswith("/")
        and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    ):
        return wanted
    return "/"


def _to_the_door(request: Visit) -> HttpResponse | None:
    if request.account is None:
        return _go(request, f"{reverse('people:login')}?{urlencode(_way_back(request))}")
    if request.account.must_change_password:
        return _go(request, reverse("people:password"))
    return None


def _go(request: Visit, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else HttpResponseRedirect(url)


def _way_back(request: Visit) -> dict[str, str]:
    """Where to return after login: the page itself, or for a form or a fragment the page that held it."""
    back = request.get_full_path()
    if getattr(request, "htmx", False):
        back = request.htmx.current_url_abs_path or "/"
    elif request.method != "GET":
        held_by = urlsplit(request.headers.get("Referer", ""))
        back = held_by.path if held_by.netloc == request.get_host() else "/"
    said = {"next": back}
    if request.was_idle:
        said["why"] = "idle"
    elif request.session.get("account"):
        said["why"] = "ended"
    return said


def _refusal(request: Request) -> str:
    labels = dict(Role.choices)
    held = "、".join(str(labels.get(role, role)) for role in sorted(request.actor.roles)) or "没有任何角色"
    return f"您的账号（{held}）不能打开这个页面，没有做任何改动。如工作需要，请本单位负责人向管理员申请授权。"
