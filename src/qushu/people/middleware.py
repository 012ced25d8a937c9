"""Every request knows who asks: `request.account` (Account or None) and `request.actor` (what they may do)."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.defaults import page_not_found, permission_denied

from qushu.kernel.errors import Forbidden, Missing
from qushu.kernel.paging import BadCursor

from .access import CITIZEN
from .actors import actor_for
from .requests import Visit
from .sessions import find_session


class CurrentAccount:
    """Recognises the session; a visitor acts as CITIZEN, and so does one who must change the password first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, plain: HttpRequest) -> HttpResponse:
        request = cast(Visit, plain)
        found = find_session(request.session.session_key, timezone.now())
        request.account = found.sign_in.account if found.sign_in else None
        request.sign_in = found.sign_in
        request.was_idle = found.was_idle
        request.actor = CITIZEN
        if request.account is not None and not request.account.must_change_password:
            request.actor = actor_for(request.account)
        response = self.get_response(request)
        if request.account is not None:
            # The answer depends on the cookie and may hold citizens' data: no shared cache may keep it.
            request.session.accessed = True
            patch_cache_control(response, private=True, no_cache=True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An action that says Forbidden or Missing becomes the page that says so, wherever it was called.

        A cursor that fits no more leads to the first page of the same list.
        """
        if isinstance(exception, Forbidden):
            return permission_denied(request, exception)
        if isinstance(exception, Missing):
            return page_not_found(request, exception)
        if isinstance(exception, BadCursor):
            query = request.GET.copy()
            for cursor in ("after", "before"):
                query.pop(cursor, None)
            return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
        return None
