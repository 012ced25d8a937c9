"""Who is logged in: begin, recognise, list and end sessions.

The row (`SignIn`) is the authority, the cookie only names it; so a session can be ended from elsewhere at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from .addresses import address_of
from .models import Account, SignIn

SEEN_EVERY = timedelta(minutes=1)


def most_sessions() -> int:
    """How many sessions an account may have at once (QUSHU_SESSIONS, default 3)."""
    return int(getattr(settings, "QUSHU_SESSIONS", 3))


def idle_limit() -> timedelta:
    """After how long without a request a session ends (QUSHU_IDLE_MINUTES, default 60)."""
    return timedelta(minutes=int(getattr(settings, "QUSHU_IDLE_MINUTES", 60)))


@dataclass(frozen=True)
class Found:
    """What a cookie names: a live sign-in, or none; `was_idle` when one ended just now for want of requests."""

    sign_in: SignIn | None
    was_idle: bool = False


def begin_session(request: HttpRequest, account: Account, now: datetime) -> int:
    """Log the account in on this browser under a new session key; how many older sessions had to end for it."""
    request.session.flush()
    request.session["account"] = account.pk
    request.session.save()
    rotate_token(request)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        SignIn.objects.create(
            account=account,
            session_key=request.session.session_key or "",
            address=address_of(request),
            browser=request.headers.get("User-Agent", "")[:200],
            begun_at=now,
            seen_at=now,
        )
        kept = SignIn.objects.filter(account=account).order_by("-begun_at", "-pk")[: most_sessions()]
        surplus = SignIn.objects.filter(account=account).exclude(pk__in=[one.pk for one in kept])
        return surplus.delete()[0]


def find_session(session_key: str | None, now: datetime) -> Found:
    """The live sign-in of a session key, with its account; ends it when it was idle or old for too long."""
    if not session_key:
        return Found(None)
    sign_in = SignIn.objects.select_related("account").filter(session_key=session_key).first()
    if sign_in is None:
        return Found(None)
    too_old = now - sign_in.begun_at > timedelta(seconds=settings.SESSION_COOKIE_AGE)
    idle = now - sign_in.seen_at > idle_limit()
    if too_old or idle or not sign_in.account.is_active:
        sign_in.delete()
        return Found(None, was_idle=idle)
    if now - sign_in.seen_at >= SEEN_EVERY:
        SignIn.objects.filter(pk=sign_in.pk).update(seen_at=now)
    return Found(sign_in)


def end_session(request: HttpRequest) -> None:
    """Log this browser out."""
    SignIn.objects.filter(session_key=request.session.session_key or "").delete()
    request.session.flush()
    rotate_token(request)


def end_sessions(account_id: int, except_key: str | None = None) -> int:
    """Log the account out everywhere, but for one session; how many ended."""
    return SignIn.objects.filter(account_id=account_id).exclude(session_key=except_key or "").delete()[0]


def live_sessions(account_id: int) -> list[SignIn]:
    """The account's sessions, newest first."""
    return list(SignIn.objects.filter(account_id=account_id).order_by("-begun_at", "-pk"))


def forget_ended(now: datetime) -> int:
    """Delete sessions that were idle or old for too long, and Django's expired rows of them; how many sessions."""
    idle_since, begun_before = now - idle_limit(), now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    ended, _ = SignIn.objects.filter(Q(seen_at__lt=idle_since) | Q(begun_at__lt=begun_before)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    return ended
