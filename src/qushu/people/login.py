"""Checking who somebody is: password, lockout, one-time code. Sessions are in sessions.py, pages in pages/login.py."""

from datetime import datetime

from django.db import transaction

from . import audit
from .access import CITIZEN
from .actors import actor_for
from .limits import allow
from .models import Account
from .passwords import spend_the_same_time
from .rules import lock_after
from .totp import code_fits, open_secret

TRIES_PER_ADDRESS, ADDRESS_WINDOW = 120, 900
"""Tries from one address in 15 minutes, over all accounts; a whole office behind one address still gets in."""


def check_password(username: str, password: str, address: str, now: datetime) -> Account | None:
    """The account when it exists, is active, not locked, and the password is right; else None, for every other reason.

    Every way takes one hash, so that neither the answer nor its time tells which reason it was.
    """
    often = not allow(f"login:{address}", TRIES_PER_ADDRESS, ADDRESS_WINDOW, now)
    account = Account.objects.filter(username=username).first()
    if account is None or often:
        spend_the_same_time(password)
        _note_failure(None, username, address, now)
        return None
    right = account.check_password(password)
    if is_locked(account, now) or not account.is_active:
        _note_failure(account, username, address, now)
        return None
    if right:
        return account
    count_failure(account, "login.failed", address, now)
    return None


def check_code(account: Account, code: str, address: str, now: datetime) -> bool:
    """Whether the one-time code is right; a wrong one counts towards the lockout as a wrong password does."""
    if is_locked(account, now) or account.totp_sealed is None:
        return False
    if code_fits(account, open_secret(account, bytes(account.totp_sealed)), code, now):
        return True
    count_failure(account, "login.code_failed", address, now)
    return False


def is_locked(account: Account, now: datetime) -> bool:
    """Whether login is locked at this moment."""
    return account.locked_until is not None and account.locked_until > now


def count_failure(account: Account, action: str, address: str, now: datetime) -> None:
    """Count a wrong try, lock the account when it was one too many, and write both down."""
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        locked.failed_logins = min(locked.failed_logins + 1, 30_000)
        until = lock_after(locked.failed_logins, now)
        locked.locked_until = until or locked.locked_until
        locked.save(update_fields=["failed_logins", "locked_until"])
        subject = f"account:{account.username}"
        audit.record(CITIZEN, action, subject, data={"failures": locked.failed_logins}, address=address, now=now)
        if until:
            audit.record(CITIZEN, "login.locked", subject, data={"until": until.isoformat()}, address=address, now=now)


def note_success(account: Account, address: str, ended: int, now: datetime) -> None:
    """Forget the wrong tries and write down the login; `ended`: older sessions that had to go."""
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(failed_logins=0, locked_until=None, last_login=now)
        subject, actor = f"account:{account.username}", actor_for(account)
        audit.record(actor, "login.succeeded", subject, address=address, now=now)
        if ended:
            audit.record(actor, "login.sessions_ended", subject, data={"ended": ended}, address=address, now=now)


def _note_failure(account: Account | None, username: str, address: str, now: datetime) -> None:
    data = {"locked": account is not None and is_locked(account, now), "known": account is not None}
    audit.record(CITIZEN, "login.failed", f"account:{username[:60]}", data=data, address=address, now=now)
