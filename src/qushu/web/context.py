"""What every page's shell shows: where one may go, unread notices, the unit, the environment."""

import os
from collections.abc import Callable
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from qushu.web.navigation import CITIZEN_PLACES, GROUPS, Entry, Group, Place, address_of

MOST_NOTICES = 99
THEMES = ("light", "wall")
DENSITIES = ("dense", "normal", "roomy")


class Shell:
    """Read lazily by base.html: a page that shows no shell (a fragment, an error) asks the database nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.account = getattr(request, "account", None)
        self.district: str = getattr(settings, "QUSHU_DISTRICT", "")
        self.environment: str = os.environ.get("QUSHU_ENVIRONMENT", "开发环境" if settings.DEBUG else "")
        self.theme = _one_of(request.COOKIES.get("theme"), THEMES, "light")
        self.density = _one_of(request.COOKIES.get("density"), DENSITIES, "normal")

    @cached_property
    def navigation(self) -> list[Group]:
        """The workplaces this account may open, grouped; a page that does not exist is left out."""
        if self.account is None:
            return []
        groups = [Group(group.label, self._entries(group.places)) for group in GROUPS]
        return [group for group in groups if group.items]

    @cached_property
    def citizen_navigation(self) -> list[Entry]:
        """The pages of a citizen."""
        return self._entries(CITIZEN_PLACES)

    def _entries(self, places: tuple[Place, ...]) -> list[Entry]:
        allowed = self._may_open
        found = [
            (place, url)
            for place in places
            if (url := address_of(place.names)) and (not place.action or allowed(place.action))
        ]
        path = self._request.path
        # The longest address that begins the path is where we are: /cases/export/ is within /cases/.
        here = max(
            (url for _, url in found if path == url or (url != "/" and path.startswith(url))), key=len, default=""
        )
        return [Entry(place.label, place.icon, url, url == here) for place, url in found]

    @cached_property
    def _may_open(self) -> Callable[[str], bool]:
        from qushu.people.access import scope  # settings load this module before the apps are ready

        actor = getattr(self._request, "actor", None)
        return lambda action: actor is not None and scope(actor, action).kind != "none"

    @cached_property
    def _unread(self) -> list[bool]:
        from qushu.people.models import Notice

        if self.account is None:
            return []
        actor = getattr(self._request, "actor", None)
        grants = list(getattr(actor, "grants", ()))
        mine = Q(account_id=self.account.pk)
        units = [unit for grant in grants if (unit := getattr(grant, "unit_id", None))]
        if units:
            mine |= Q(unit_id__in=units)
        roles = sorted(getattr(actor, "roles", ()))
        if roles:
            mine |= Q(role__in=roles)
        waiting = Notice.objects.filter(mine, read_at__isnull=True).order_by("-id")
        return list(waiting.values_list("urgent", flat=True)[: MOST_NOTICES + 1])

    @property
    def notice_count(self) -> int:
        """Unread notices for the person, the units and the roles; counted up to 100."""
        return len(self._unread)

    @property
    def notice_words(self) -> str:
        """The count as the bell shows it."""
        return f"{MOST_NOTICES}+" if self.notice_count > MOST_NOTICES else str(self.notice_count)

    @property
    def has_urgent_notice(self) -> bool:
        """Whether one of them is urgent."""
        return any(self._unread)

    @cached_property
    def unit(self) -> str:
        """The unit the account works for; several are counted, not listed."""
        from qushu.people.models import Unit

        grants = getattr(getattr(self._request, "actor", None), "grants", ())
        ids = {unit for grant in grants if (unit := getattr(grant, "unit_id", None))}
        if not ids:
            return ""
        names = list(Unit.objects.filter(pk__in=ids).order_by("pk").values_list("name", flat=True)[:2])
        return names[0] + (f" 等 {len(ids)} 个单位" if len(ids) > 1 else "") if names else ""

    @cached_property
    def role_words(self) -> str:
        """The roles by their Chinese names."""
        from qushu.people.models import Role

        roles = getattr(getattr(self._request, "actor", None), "roles", ())
        names = {str(value): str(label) for value, label in Role.choices}
        return "、".join(names.get(str(role), str(role)) for role in sorted(map(str, roles)))

    home_url = property(lambda self: address_of(("home", "people:home", "web:home")) or "/")
    search_url = property(lambda self: address_of(("case-search", "cases:search", "case-list", "cases:list")))
    notices_url = property(lambda self: address_of(("notices", "people:notices")))
    profile_url = property(lambda self: address_of(("profile", "people:profile")))
    login_url = property(lambda self: address_of(("login", "people:login")))
    logout_url = property(lambda self: address_of(("logout", "people:logout")))
    citizen_url = property(lambda self: address_of(("citizen", "hotline:citizen")) or "/")


def _one_of(value: str | None, known: tuple[str, ...], usual: str) -> str:
    return value if value in known else usual


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell` for the frame and `now`, the one moment at which this page is seen."""
    return {"shell": Shell(request), "now": timezone.now()}
