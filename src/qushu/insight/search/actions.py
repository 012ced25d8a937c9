"""Keep, share and remove searches."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q, QuerySet

from qushu.cases.queries import SHORTEST_PHONE
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.kernel.text import tidy_line
from qushu.people import audit
from qushu.people.access import Actor, may_at_all
from qushu.people.models import Role

from .models import SavedSearch

ACTION = "search.use"
EVERYONE = "everyone"
MOST_SAVED = 100
LONGEST_NAME = 60
LONGEST_QUERY = 1000
_PLACES = ("after", "before", "phone")


def saved_searches(actor: Actor) -> QuerySet[SavedSearch]:
    """Those that this person has kept and those that are shared with a role of theirs (index: search_shared)."""
    shared = Q(role__in=[EVERYONE, *actor.roles])
    return SavedSearch.objects.filter(Q(account_id=actor.account_id) | shared).select_related("account")


def save_search(actor: Actor, name: str, query: str, role: str, now: datetime) -> SavedSearch:
    """Keep a search under a name; the same name replaces what the person had under it. Raises Refused, Forbidden.

    `query` is the query string of the address; places of pages are dropped. `role`: "" (only oneself), a role, or EVERYONE.
    """
    if actor.account_id is None or not may_at_all(actor, ACTION):
        raise Forbidden("您的账号不能使用综合查询。没有保存。")
    name, query = tidy_line(name), _kept(query)
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"名称不能为空，最多 {LONGEST_NAME} 个字。没有保存。", field="name")
    if not query or len(query) > LONGEST_QUERY:
        raise Refused("没有查询条件，或条件太长。没有保存；请先查询，或减少条件。")
    if role and role != EVERYONE and role not in Role.values:
        raise Refused("没有这个角色。没有保存。", field="role")
    with transaction.atomic():
        mine = SavedSearch.objects.filter(account_id=actor.account_id)
        if mine.count() >= MOST_SAVED and not mine.filter(name=name).exists():
            raise Refused(f"您已保存 {MOST_SAVED} 个查询，请先删除不用的。没有保存。")
        saved, _ = SavedSearch.objects.update_or_create(
            account_id=actor.account_id, name=name, defaults={"query": query, "role": role, "saved_at": now}
        )
        if role:
            audit.record(actor, "search.shared", f"search:{saved.pk}", data={"name": name, "role": role}, now=now)
    return saved


def remove_search(actor: Actor, search_id: int) -> None:
    """Remove one of the person's own. Raises Missing."""
    gone, _ = SavedSearch.objects.filter(account_id=actor.account_id or 0, pk=search_id).delete()
    if not gone:
        raise Missing("没有这个查询，或它不是您保存的。什么也没有删除。")


def _kept(query: str) -> str:
    """The conditions of an address, without places of pages and without a number that looks like a phone."""
    pairs = parse_qsl(query)
    kept = [(name, value) for name, value in pairs if name not in _PLACES and not (name == "q" and _numbers(value))]
    return urlencode(kept)


def _numbers(value: str) -> bool:
    bare = value.replace(" ", "").replace("-", "").removeprefix("+86")
    return bare.isdigit() and SHORTEST_PHONE <= len(bare) <= 12
