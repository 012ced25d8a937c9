"""Keys with which other systems call the API. Only a digest is stored; a key is shown once, when it is made."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from qushu.kernel.errors import Refused
from qushu.kernel.kept import Kept

from . import audit
from .access import Actor, require
from .actors import actor_for
from .models import Account, ApiToken

PREFIX = "qushu_"
USED_EVERY = timedelta(minutes=1)
SCOPES: dict[str, str] = {
    "case.read": "读取工单",
    "case.write": "新建和办理工单",
    "code.read": "读取类别、单位、区域",
    "assessment.read": "读取考核",
    "feed.push": "推送工单（接入）",
    "contact.read": "查看市民联系方式（逐项，记审计）",
}
"""What a token may be limited to, with its words. Rooms downstream may add theirs in AppConfig.ready."""


def scope_words(token: ApiToken) -> str:
    """What a token may be used for, in words."""
    return "、".join(SCOPES.get(scope, scope) for scope in token.scopes)


@dataclass(frozen=True)
class Bearer:
    """Who a token stands for, and what it may be used for."""

    token_id: int
    actor: Actor
    scopes: frozenset[str]


def digest_of(secret: str) -> bytes:
    """SHA-256 of a token. It has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).digest()


def make_token(
    actor: Actor, name: str, scopes: list[str], account: Account, expires_at: datetime | None, now: datetime
) -> tuple[ApiToken, str]:
    """A new token that acts for `account` within `scopes`, and its secret, which nobody can read again.

    Raises Forbidden; Refused for an unknown scope or none, a past expiry, a disabled account.
    """
    require(actor, "tokens.write")
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise Refused("请至少选择一项权限，且只能选列出的权限。令牌没有签发。", code="token_scopes")
    if not name.strip():
        raise Refused("请填写令牌名称（用在哪个系统）。令牌没有签发。", code="token_name")
    if not account.is_active:
        raise Refused("所代表的账号已停用，请换一个账号。令牌没有签发。", code="token_account")
    if expires_at is not None and expires_at <= now:
        raise Refused("到期时间已过，请改为将来的时间。令牌没有签发。", code="token_expiry")
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name.strip(),
            digest=digest_of(secret),
            scopes=sorted(set(scopes)),
            account=account,
            created_at=now,
            expires_at=expires_at,
        )
        said = {"scopes": "、".join(token.scopes), "for": account.username, "expires": str(expires_at or "")}
        audit.record(actor, "token.made", f"token:{token.pk} {token.name}", data=said, now=now)
    return token, secret


def revoke_token(actor: Actor, token_id: int, reason: str, now: datetime) -> ApiToken:
    """End a token at once; revoking twice changes nothing. Raises Forbidden, ApiToken.DoesNotExist."""
    require(actor, "tokens.write")
    with transaction.atomic():
        token = ApiToken.objects.select_for_update(no_key=True).get(pk=token_id)
        if token.revoked_at is None:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            audit.record(actor, "token.revoked", f"token:{token.pk} {token.name}", reason, now=now)
    return token


def token_account(secret: str, now: datetime) -> Bearer | None:
    """Who a token stands for and what it may do; None when it is unknown, expired, revoked or its account disabled."""
    if not secret.startswith(PREFIX):
        return None
    token = _TOKENS.get().get(digest_of(secret))
    if token is None or (token.expires_at is not None and token.expires_at <= now):
        return None
    if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return Bearer(token.pk, actor_for(token.account), frozenset(token.scopes))


def _read() -> dict[bytes, ApiToken]:
    valid = ApiToken.objects.filter(revoked_at__isnull=True, account__is_active=True).select_related("account")
    return {bytes(token.digest): token for token in valid}


_TOKENS = Kept(("people_apitoken", "people_account"), _read)
"""All valid tokens by digest. That one was used is noted in a column that is not watched: it makes nobody read again."""
