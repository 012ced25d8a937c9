"""The audit trail: who looked at or changed what. Written here only; the database refuses changes and deletions."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.urls import reverse

from qushu.kernel.asked import number_in
from qushu.kernel.personal import mask_free_text

from .access import Actor, may_at_all
from .models import AuditEntry

ACTION_WORDS: dict[str, str] = {
    "login.succeeded": "登录",
    "login.failed": "登录失败",
    "login.locked": "账号锁定",
    "login.code_failed": "动态码不对",
    "login.sessions_ended": "旧会话被挤下线",
    "logout": "退出登录",
    "logout.everywhere": "退出全部会话",
    "session.ended": "结束会话",
    "password.changed": "修改密码",
    "totp.switched_on": "启用动态码",
    "totp.switched_off": "停用动态码",
    "account.created": "新建账号",
    "account.changed": "修改账号",
    "account.disabled": "停用账号",
    "account.enabled": "启用账号",
    "account.unlocked": "解锁账号",
    "account.password_reset": "重置密码",
    "account.totp_reset": "重置动态码",
    "grant.added": "授予角色",
    "grant.removed": "收回角色",
    "unit.created": "新建单位",
    "unit.changed": "修改单位",
    "area.opened": "新设区域",
    "area.renamed": "区域更名",
    "area.closed": "撤销区域",
    "area.changed": "修改区域",
    "token.made": "签发接口令牌",
    "token.revoked": "吊销接口令牌",
    "import.applied": "批量导入",
    "export.made": "导出",
    "case.exported": "导出工单",
    "contact.revealed": "查看市民信息",
}
"""Chinese words of audited actions. Rooms downstream add theirs in their AppConfig.ready."""


Addresses = Callable[[Collection[str]], Mapping[str, str]]
"""The addresses of pages, by key, for those keys that have one; in one read."""


def no_page(keys: Collection[str]) -> Mapping[str, str]:
    """For what has no page of its own."""
    return {}


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is audited: what it is called, its pages, and the action that whoever opens them needs."""

    word: str
    addresses: Addresses = no_page
    needs: str = ""


KINDS: dict[str, Kind] = {}
"""By what stands before the colon of a subject. Rooms put theirs in when Django starts, like ACTION_WORDS."""


def pages_of(model: type[Model], field: str, route: str, argument: str = "") -> Addresses:
    """Addresses of a table's rows: the key is `field` ("pk": a number), `argument` (else the id) goes into the address."""

    def addresses(keys: Collection[str]) -> Mapping[str, str]:
        asked = [key for key in keys if number_in(key) is not None] if field == "pk" else list(keys)
        rows = model._default_manager.filter(**{f"{field}__in": asked}).values_list(field, argument or "pk")
        return {str(key): reverse(route, args=[given]) for key, given in rows}

    return addresses


def page_of_all(route: str) -> Addresses:
    """One page for all things of a kind."""
    return lambda keys: dict.fromkeys(keys, reverse(route))


def record(
    actor: Actor,
    action: str,
    subject: str,
    reason: str = "",
    data: dict[str, Any] | None = None,
    address: str = "",
    *,
    now: datetime,
) -> AuditEntry:
    """Write one entry, in the transaction of what it tells about.

    `subject` names the thing as `kind:key` (`account:zhang`, `unit:cgj`, `case:HY2024…`); `data` holds what changed as
    {field: [before, after]} and never a secret or a citizen's data.
    """
    return AuditEntry.objects.create(
        at=now,
        account_id=actor.account_id,
        action=action[:60],
        subject=subject[:120],
        reason=reason[:300],
        address=address[:45],
        data=data or {},
    )


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """{field: [before, after]} of what differs, in words that JSON can hold."""
    return {
        name: [_plain(before.get(name)), _plain(value)] for name, value in after.items() if before.get(name) != value
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool | list) else str(value)


@dataclass(frozen=True)
class Shown:
    """An entry as people read it."""

    at: datetime
    who: str
    words: str
    subject: str
    reason: str
    address: str
    lines: list[str]

    @property
    def subject_words(self) -> str:
        """The thing with the word of its kind: `单位 cgj`."""
        kind, _, key = self.subject.partition(":")
        return f"{KINDS[kind].word} {key}" if kind in KINDS and key else self.subject

    @property
    def said(self) -> str:
        """Reason and changes in one line."""
        return "；".join([*([mask_free_text(self.reason)] if self.reason else []), *self.lines])


FIELD_WORDS = {
    "name": "名称",
    "phone": "电话",
    "kind": "类别",
    "parent": "上级",
    "area": "区域",
    "unit": "单位",
    "duties": "职责",
    "active": "启用",
    "role": "角色",
    "since": "自",
    "valid_from": "生效",
    "valid_to": "失效",
    "failures": "连续失败次数",
    "until": "锁定到",
    "sessions": "退出的登录",
    "ended": "退出的登录",
    "scopes": "权限",
    "for": "代表账号",
    "expires": "到期",
    "rows": "行数",
    "known": "账号存在",
    "locked": "正在锁定",
    "format": "格式",
    "field": "项目",
    "masked": "已脱敏",
    "filters": "条件",
}


def shown(entry: AuditEntry) -> Shown:
    """The entry in words; its account must be loaded with it."""
    return Shown(
        at=entry.at,
        who=f"{entry.account.name}（{entry.account.username}）" if entry.account else "未登录或系统",
        words=ACTION_WORDS.get(entry.action, entry.action),
        subject=entry.subject,
        reason=entry.reason,
        address=entry.address,
        lines=change_words(entry.data),
    )


def addresses_of(subjects: Iterable[str], actor: Actor) -> dict[str, str]:
    """The addresses of the pages that the subjects have and the actor may open; one read for each kind."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        kind, _, key = subject.partition(":")
        if key and kind in KINDS and (not KINDS[kind].needs or may_at_all(actor, KINDS[kind].needs)):
            by_kind[kind].add(key)
    return {
        f"{kind}:{key}": address
        for kind, keys in by_kind.items()
        for key, address in KINDS[kind].addresses(keys).items()
    }


def change_words(data: dict[str, Any]) -> list[str]:
    """The data of an entry as lines: `名称：旧 → 新`."""
    return [f"{FIELD_WORDS.get(name, name)}：{_said(value)}" for name, value in data.items() if value not in ("", None)]


def _said(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_said(value[0]) or '空'} → {_said(value[1]) or '空'}"
    if isinstance(value, list):
        return "、".join(map(_said, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return "空" if value is None else str(value)
