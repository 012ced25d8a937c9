"""Keep, share and remove cross-cuts."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.people import audit
from qushu.people.access import Actor, may_at_all

from .models import SavedCut

MOST_SAVED = 100


def saved_cuts(actor: Actor) -> QuerySet[SavedCut]:
    """Those that this person has kept and those that others share."""
    return SavedCut.objects.filter(Q(account_id=actor.account_id) | Q(shared=True)).select_related("account")


def save_cut(actor: Actor, name: str, query: str, shared: bool, now: datetime) -> SavedCut:
    """Keep a question under a name; the same name replaces what the person had under it. Raises Refused, Forbidden."""
    if actor.account_id is None or not may_at_all(actor, "crosscut.use"):
        raise Forbidden("您的账号不能使用多维分析。没有保存。")
    account = actor.account_id
    name = name.strip()
    if not name or len(name) > 60 or len(query) > 1000:
        raise Refused("名称不能为空，最多 60 个字；条件太多时请先减少。没有保存。")
    with transaction.atomic():
        mine = SavedCut.objects.filter(account_id=actor.account_id)
        if mine.count() >= MOST_SAVED and not mine.filter(name=name).exists():
            raise Refused(f"您已保存 {MOST_SAVED} 个分析，请先删除不用的。没有保存。")
        cut, _ = SavedCut.objects.update_or_create(
            account_id=account, name=name, defaults={"query": query, "shared": shared, "saved_at": now}
        )
        if shared:
            audit.record(actor, "crosscut.shared", f"cut:{cut.pk}", data={"name": name}, now=now)
    return cut


def remove_cut(actor: Actor, cut_id: int) -> None:
    """Remove one of the person's own. Raises Missing."""
    gone, _ = SavedCut.objects.filter(account_id=actor.account_id or 0, pk=cut_id).delete()
    if not gone:
        raise Missing("没有这个分析，或它不是您保存的。什么也没有删除。")
