"""What a view needs to keep out those who may not: `@allowed("case.list")` and `@signed_in`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from .access import scope
from .models import Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def allowed(action: str) -> Callable[[View[P]], View[P]]:
    """Decorator: only for those with any scope for the action of the matrix; which rows they see, the query decides.

    An anonymous visitor goes to the login page and comes back; somebody else gets the 403 page (PermissionDenied).
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def inside(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            turned_away = _to_the_door(request)
            if turned_away is not None:
                return turned_away
            if scope(request.actor, action).kind == "none":
                raise PermissionDenied(_refusal(request))
            return view(request, *args, **kwargs)

        inside.action = action  # type: ignore[attr-defined]  # read by the test that walks page by role
        return inside

    return guard


def signed_in(view: View[P]) -> View[P]:
    """Decorator: for everybody who is logged in, whatever the role."""

    @wraps(view)
    def inside(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return _to_the_door(request) or view(request, *args, **kwargs)

    return inside


def safe_next(request: HttpRequest, wanted: str | None) -> str:
    """`wanted` when it leads to a page of this site, else the home page."""
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"


def _to_the_door(request: HttpRequest) -> HttpResponse | None:
    if request.account is None:
        return _go(request, f"{reverse('people:login')}?{urlencode(_way_back(request))}")
    if request.account.must_change_password:
        return _go(request, reverse("people:password"))
    return None


def _go(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else HttpResponseRedirect(url)


def _way_back(request: HttpRequest) -> dict[str, str]:
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


def _refusal(request: HttpRequest) -> str:
    labels = dict(Role.choices)
    held = "、".join(str(labels.get(role, role)) for role in sorted(request.actor.roles)) or "没有任何角色"
    return f"您的账号（{held}）不能打开这个页面，没有做任何改动。如工作需要，请本单位负责人向管理员申请授权。"
