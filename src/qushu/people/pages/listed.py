"""Lists of this room that are exported but never imported: the audit trail, tokens, a person's notices."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from qushu.people import audit
from qushu.people.forms.audit import AuditForm
from qushu.people.models import ApiToken
from qushu.people.queries import audit_entries, notices_for, unread_notices
from qushu.people.requests import Request
from qushu.people.sheets.imports import Row
from qushu.people.tokens import scope_words

MOST_EXPORTED = 100_000


@dataclass(frozen=True)
class Listed:
    """A list as a file: title, the action of the matrix that opens it ("": everybody's own), columns, rows of its page."""

    title: str
    action: str
    columns: tuple[str, ...]
    rows: Callable[[Request], Iterator[Row]]


def _row(columns: tuple[str, ...], *cells: str) -> Row:
    return dict(zip(columns, cells, strict=True))


def _at(moment: datetime | None) -> str:
    return moment.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


AUDIT = ("时间", "账号", "操作", "对象", "内容", "来自")
TOKENS = ("名称", "权限", "代表账号", "签发", "到期", "最近使用", "吊销")
NOTICES = ("时间", "紧急", "内容", "发给", "已读")


def _audit(request: Request) -> Iterator[Row]:
    entries = audit_entries(AuditForm(request.GET).chosen(), timezone.get_current_timezone())[:MOST_EXPORTED]
    for entry in entries.iterator(chunk_size=2000):
        one = audit.shown(entry)
        yield _row(AUDIT, _at(one.at), one.who, one.words, one.subject, one.said, one.address)


def _tokens(request: Request) -> Iterator[Row]:
    for one in ApiToken.objects.select_related("account").order_by("-pk"):
        moments = map(_at, (one.created_at, one.expires_at, one.last_used_at, one.revoked_at))
        yield _row(TOKENS, one.name, scope_words(one), one.account.username, *moments)


def _notices(request: Request) -> Iterator[Row]:
    found = notices_for(request.actor) if request.GET.get("all") == "1" else unread_notices(request.actor)
    for one in found.select_related("unit", "read_by").order_by("-id")[:MOST_EXPORTED]:
        yield _row(
            NOTICES, _at(one.created_at), "是" if one.urgent else "", one.text, str(one.receiver), _at(one.read_at)
        )


LISTED = {
    "audit": Listed("审计", "audit.read", AUDIT, _audit),
    "tokens": Listed("接口令牌", "tokens.write", TOKENS, _tokens),
    "notices": Listed("消息", "", NOTICES, _notices),
}
"""By the kind in the address of `people:export`."""
