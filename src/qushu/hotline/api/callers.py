"""Who calls: a token with its scopes and a rate; and the request key that makes a repeated call happen once."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from qushu.cases.actions import Call
from qushu.kernel.asked import NINE_DIGITS, number_in
from qushu.kernel.kept import one_look
from qushu.people.limits import allow
from qushu.people.tokens import Bearer, token_account

from ..models import ApiRequest
from .problems import Problem

WINDOW_SECONDS = 60
KEY = re.compile(r"[\x21-\x7e]{1,64}")


class ApiCall(HttpRequest):
    """A request behind `needs`: ninja puts what authentication gave into `auth`."""

    auth: Bearer


class needs(HttpBearer):  # noqa: N801 - reads as a clause: auth=needs("case.read")
    """Authentication of an operation: a token that has this scope, within its rate."""

    openapi_name = "token"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        """The token's bearer. Raises Problem: 403 without the scope, 429 above the rate."""
        now = timezone.now()
        bearer = token_account(token, now)
        if bearer is None:
            return None
        if not within_rate(bearer, now):
            wait = {"Retry-After": str(WINDOW_SECONDS - int(now.timestamp()) % WINDOW_SECONDS)}
            raise Problem(429, "too_many", "请求过多，请稍后再试。这一次什么也没有改变。", wait)
        if self.scope not in bearer.scopes:
            raise Problem(403, "scope", f"这个令牌没有“{self.scope}”权限。请管理员签发含此权限的令牌。")
        return bearer


def within_rate(bearer: Bearer, now: datetime) -> bool:
    """Count one more request of this token, and say whether it may still make it this minute."""
    return allow(f"api/{bearer.token_id}", settings.QUSHU_API_PER_MINUTE, WINDOW_SECONDS, now)


@contextmanager
def once(request: ApiCall) -> Iterator[Call]:
    """The call to act with, in a transaction: `Idempotency-Key` makes it happen once, `If-Match` only on what was seen.

    A key belongs to its token and to the body it first came with. Raises Problem 422 for the same key with another
    request, 400 for what isn't a key or an entity tag. What an action refuses frees the key again.
    """
    with transaction.atomic(), one_look():
        yield Call(request.auth.actor, timezone.now(), _request_key(request), _seen(request))


def _request_key(request: ApiCall) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise Problem(400, "bad_key", "Idempotency-Key 须为 1 至 64 个可见的英文字符。什么也没有改变。")
    said = f"{request.method} {request.path}\n".encode() + request.body
    digest = hashlib.sha256(said).digest()
    token_id = request.auth.token_id
    kept, _ = ApiRequest.objects.get_or_create(
        token_id=token_id, key=key, defaults={"digest": digest, "made_at": timezone.now()}
    )
    if bytes(kept.digest) != digest:
        said_before = "这个 Idempotency-Key 已用于另一个请求。这一次什么也没有改变；请换一个新的键。"
        raise Problem(422, "key_reused", said_before)
    return f"api/{token_id}/{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _seen(request: ApiCall) -> int | None:
    tag = request.headers.get("If-Match")
    if tag is None or tag == "*":
        return None
    seen = number_in(tag.removeprefix("W/").strip('"'), NINE_DIGITS)
    if seen is None:
        raise Problem(400, "bad_tag", "If-Match 须为读取该诉求件时 ETag 的值。什么也没有改变。")
    return seen
