"""办理限额: a value is never overwritten. A change begins another from a moment on; what was counted stays counted."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from qushu.kernel.asked import number_in
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy
from qushu.people import audit
from qushu.people.access import Actor, require

from ...limits import HOURS, KINDS, NONE, Kind, is_midnight, list_of, spans_of, spans_words, value_words
from ...models import Limit
from .clock_rules import WRITE, beginning


def change_limit(
    actor: Actor, code: str, value: str, since: datetime | None, now: datetime, source: str = "", reason: str = ""
) -> Limit:
    """Let `value` count from `since` (aware; None: now, for working hours the next midnight).

    Raises Forbidden; Missing for an unknown code; Refused for a value out of range, one that counts then anyway, a
    moment that has passed or from which another value is planned already.
    """
    require(actor, WRITE)
    if code not in KINDS:
        raise Missing("没有这项限额。")
    written = _written(code, value)
    begins = _begins_at_midnight(since, now) if code == HOURS else beginning(since, now)
    with transaction.atomic():
        rows = list(Limit.objects.select_for_update(no_key=True).filter(code=code).order_by("effective_from"))
        before = next((row for row in reversed(rows) if row.effective_from <= begins), None)
        if before is not None and before.value == written:
            raise Refused("到那时的数值已经是这样。没有改动。", code="limit_same", field="value")
        if before is not None and before.effective_from == begins:
            raise Refused("那一刻已经安排了另一个数值，请先撤回它。没有改动。", code="limit_planned", field="since")
        limit = Limit.objects.create(code=code, value=written, effective_from=begins, source=tidy(source)[:200])
        said = audit.changes(shown(before) if before else {}, shown(limit))
        audit.record(actor, "limit.changed", subject_of(code), reason, said, now=now)
    return limit


def withdraw_limit(actor: Actor, limit_id: int, now: datetime, reason: str = "") -> Limit:
    """A value that doesn't count yet never will; the one before goes on. Raises Refused when it counts already."""
    require(actor, WRITE)
    with transaction.atomic():
        limit = Limit.objects.select_for_update().filter(pk=limit_id).first()
        if limit is None:
            raise Missing("没有这项安排，可能已经撤回。")
        if limit.effective_from <= now:
            raise Refused("这个数值已经生效，只能再改。没有改动。", code="limit_in_force")
        limit.delete()
        audit.record(actor, "limit.withdrawn", subject_of(limit.code), reason, audit.changes(shown(limit), {}), now=now)
    return limit


def subject_of(code: str) -> str:
    """How the audit trail names a limit."""
    return f"limit:{code}"


def shown(limit: Limit) -> dict[str, object]:
    """The value in words, for the audit trail."""
    return {
        "value": value_words(limit.code, limit.value),
        "source": limit.source,
        "effective_from": timezone.localtime(limit.effective_from).strftime("%Y-%m-%d %H:%M"),
    }


def _written(code: str, value: str) -> str:
    if code == HOURS:
        try:
            return spans_words(spans_of(value))
        except ValueError:
            words = "工作时间应写成 09:00-12:00 14:00-17:30 的样子，先后排列、互不重叠。没有改动。"
            raise Refused(words, code="limit_hours", field="value") from None
    kind = KINDS[code]
    if kind.choices:
        return _chosen(kind, value)
    number = number_in(value.strip(), kind.most, kind.least)
    if number is None:
        words = f"{kind.name}须是 {kind.least} 到 {kind.most} 之间的整数。没有改动。"
        raise Refused(words, code="limit_value", field="value")
    return str(number)


def _chosen(kind: Kind, value: str) -> str:
    said = value.replace("、", " ").replace("，", " ").split()
    try:
        return list_of([one for one in said if one not in (NONE, "无")], kind.choices)
    except ValueError:
        words = f"{kind.name}只能在这些当中选：{'、'.join(kind.choices.values())}；都不选写“无”。没有改动。"
        raise Refused(words, code="limit_value", field="value") from None


def _begins_at_midnight(since: datetime | None, now: datetime) -> datetime:
    """Hours belong to whole days: today's may have been counted already, so tomorrow is the first that can change."""
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if since is None:
        return tomorrow
    if since < tomorrow or not is_midnight(since):
        words = "工作时间要从某一天零点起改，最早是明天。没有改动。"
        raise Refused(words, code="limit_midnight", field="since")
    return since
