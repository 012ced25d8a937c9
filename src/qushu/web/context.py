"""What every page's shell shows: where one may go, unread notices, the unit, the environment."""

import os
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from qushu.cases.codes.queries.calendar import missing_years
from qushu.cases.rulebook import rulebook
from qushu.people.access import CITIZEN, Actor, may_at_all
from qushu.people.models import Role, Unit
from qushu.people.queries import unit_ids_of, unread_notices
from qushu.web.navigation import CITIZEN_PLACES, GROUPS, Entry, Group, Place, address_of, door

MOST_NOTICES = 99
THEMES = ("light", "wall")
DENSITIES = ("dense", "normal", "roomy")


class Shell:
    """Read lazily by base.html: a page that shows no shell (a fragment, an error) asks the database nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._actor: Actor = getattr(request, "actor", CITIZEN)
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
        doors = [(place, door(place.names)) for place in places]
        open_doors = [(place, one.url) for place, one in doors if one.url and self._may_open(one.action)]
        path = self._path
        # The longest address that begins the path is where we are: /cases/export/ is within /cases/.
        around = (url for _, url in open_doors if path == url or (url != "/" and path.startswith(url)))
        here = max(around, key=len, default="")
        return [Entry(place.label, place.icon, url, url == here) for place, url in open_doors]

    def _may_open(self, action: str) -> bool:
        return not action or may_at_all(self._actor, action)

    @cached_property
    def _unread(self) -> list[bool]:
        if self.account is None:
            return []
        return list(unread_notices(self._actor).values_list("urgent", flat=True)[: MOST_NOTICES + 1])

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
        ids = unit_ids_of(self._actor)
        first = Unit.objects.filter(pk__in=ids).order_by("pk").values_list("name", flat=True).first() if ids else None
        return f"{first} 等 {len(ids)} 个单位" if first and len(ids) > 1 else first or ""

    @property
    def role_words(self) -> str:
        """The roles by their Chinese names."""
        names = {str(value): str(label) for value, label in Role.choices}
        return "、".join(names.get(role, role) for role in sorted(map(str, self._actor.roles)))

    @cached_property
    def missing_years(self) -> list[int]:
        """Years whose holidays ought to be known by now, told to those who can enter them or who watch deadlines."""
        if self.account is None or not any(map(self._may_open, ("calendar.write", "supervision.use"))):
            return []
        return missing_years(rulebook(), timezone.now())

    def _address_if_open(self, *names: str) -> str:
        found = door(names)
        return found.url if self.account is not None and self._may_open(found.action) else ""

    home_url = property(lambda self: address_of("home", "people:home", "web:home") or "/")
    search_url = property(lambda self: self._address_if_open("case-search", "cases:search", "case-list", "cases:list"))
    calendar_url = property(lambda self: self._address_if_open("calendar"))
    notices_url = property(lambda self: address_of("notices", "people:notices"))
    profile_url = property(lambda self: address_of("profile", "people:profile"))
    login_url = property(lambda self: address_of("login", "people:login"))
    logout_url = property(lambda self: address_of("logout", "people:logout"))
    citizen_url = property(lambda self: address_of("citizen", "hotline:citizen") or "/")


def _one_of(value: str | None, known: tuple[str, ...], usual: str) -> str:
    return value if value in known else usual


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell` for the frame and `now`, the one moment at which this page is seen."""
    return {"shell": Shell(request), "now": timezone.now()}
