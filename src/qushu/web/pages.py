"""The home page, which leads everybody to their workplace, and the page that says whether the service is well."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from qushu.people.access import CITIZEN, Actor, may_at_all

from .navigation import address_of, door

HOMES = (
    ("leader", ("cockpit", "overview")),
    ("supervisor", ("supervision",)),
    ("analyst", ("overview",)),
    ("administrator", ("people:accounts",)),
    ("unit_leader", ("inbox",)),
)
"""Where work begins for a role that may open many places, the role that looks after most first."""

WORKPLACES = (
    "desk",
    "dispatch-queue",
    "inbox",
    "review-queue",
    "supervision",
    "follow-up",
    "assessment",
    "case-list",
    "accounts",
    "people:accounts",
    "profile",
    "people:profile",
)
"""In the order in which somebody who may open several is led to one."""


def home(request: HttpRequest) -> HttpResponse:
    """Leads an account to where its role begins, else to its first workplace, a visitor to the citizens' page or, where there is none, to login."""
    actor: Actor = getattr(request, "actor", CITIZEN)
    if getattr(request, "account", None) is None:
        return HttpResponseRedirect(address_of("citizen") or address_of("login", "people:login"))
    mine = [name for role, names in HOMES if role in actor.roles for name in names]
    for name in (*mine, *WORKPLACES):
        place = door((name,))
        if place.url and (not place.action or may_at_all(actor, place.action)):
            return HttpResponseRedirect(place.url)
    return HttpResponseRedirect(address_of("profile", "people:profile"))


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`ok` when the database answers, else 503; for whoever watches the service. Says nothing else to nobody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("数据库没有响应\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
