"""Accounts and what they may do. Every verb: permission, one transaction, an audit entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import QuerySet

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor, require
from qushu.people.models import Account, Grant, Role, Unit
from qushu.people.passwords import generate_password, password_faults
from qushu.people.rules import grant_fault, username_fault
from qushu.people.sessions import end_sessions
from qushu.people.totp import seal_secret
from qushu.places.models import Area

ADMINISTRATION = "accounts.write"


def create_account(
    actor: Actor, username: str, name: str, phone: str, now: datetime, hashed: str | None = None
) -> tuple[Account, str]:
    """A new account and its generated password, which must be changed at the first login.

    `hashed` replaces the hash of that password; the rehearsal of an import gives an unusable one to save the time.
    Raises Forbidden; Refused when the name is malformed or taken (compared without case).
    """
    require(actor, ADMINISTRATION)
    fault = username_fault(username)
    if not fault and Account.objects.filter(username__iexact=username).exists():
        fault = f"账号 {username} 已经有人使用，请换一个"
    if not fault and not name.strip():
        fault = "请填写姓名"
    if fault:
        raise Refused(f"{fault}。账号没有新建。", code="account_name")
    password = generate_password()
    account = Account(username=username, name=name.strip(), phone=phone.strip(), must_change_password=True)
    account.password = hashed or make_password(password)
    account.password_changed_at = now
    with transaction.atomic():
        account.save(force_insert=True)
        audit.record(actor, "account.created", _subject(account), data={"name": account.name}, now=now)
    return account, password


def change_account(actor: Actor, account_id: int, name: str, phone: str, now: datetime) -> Account:
    """Change the name and office number of an account. Raises Forbidden, Refused for an empty name."""
    if not name.strip():
        raise Refused("请填写姓名。没有改动。", code="account_name")
    with _changing(actor, account_id) as account:
        after = {"name": name.strip(), "phone": phone.strip()}
        said = audit.changes({"name": account.name, "phone": account.phone}, after)
        if said:
            Account.objects.filter(pk=account.pk).update(**after)
            audit.record(actor, "account.changed", _subject(account), data=said, now=now)
    account.refresh_from_db()
    return account


def disable_account(actor: Actor, account_id: int, reason: str, now: datetime) -> None:
    """Disable an account and end its sessions. Raises Refused for oneself and for the last administrator."""
    with _changing(actor, account_id) as account:
        if account.pk == actor.account_id:
            raise Refused("不能停用自己的账号。请由另一位管理员操作。没有改动。", code="own_account")
        mine = Grant.objects.filter(account=account)
        if mine.filter(role=Role.administrator).exists():
            _keep_an_administrator(without=mine)
        account.is_active = False
        account.save(update_fields=["is_active"])
        ended = end_sessions(account.pk)
        audit.record(actor, "account.disabled", _subject(account), reason, {"sessions": ended}, now=now)


def enable_account(actor: Actor, account_id: int, now: datetime) -> None:
    """Let a disabled account in again."""
    with _changing(actor, account_id) as account:
        account.is_active = True
        account.save(update_fields=["is_active"])
        audit.record(actor, "account.enabled", _subject(account), now=now)


def unlock_account(actor: Actor, account_id: int, now: datetime) -> None:
    """Lift a lockout before its time."""
    with _changing(actor, account_id) as account:
        account.locked_until, account.failed_logins = None, 0
        account.save(update_fields=["locked_until", "failed_logins"])
        audit.record(actor, "account.unlocked", _subject(account), now=now)


def reset_password(actor: Actor, account_id: int, now: datetime) -> str:
    """A generated password in place of the old one, to be changed at the next login; sessions end, a lockout too."""
    password = generate_password()
    with _changing(actor, account_id) as account:
        account.set_password(password)
        account.must_change_password, account.password_changed_at = True, now
        account.locked_until, account.failed_logins = None, 0
        account.save()
        ended = end_sessions(account.pk)
        audit.record(actor, "account.password_reset", _subject(account), data={"sessions": ended}, now=now)
    return password


def reset_totp(actor: Actor, account_id: int, reason: str, now: datetime) -> None:
    """Switch the one-time code off for somebody who lost the phone."""
    with _changing(actor, account_id) as account:
        account.totp_sealed = None
        account.save(update_fields=["totp_sealed"])
        audit.record(actor, "account.totp_reset", _subject(account), reason, now=now)


def end_account_sessions(actor: Actor, account_id: int, now: datetime, sign_in_id: int | None = None) -> int:
    """End one session of an account, or all; how many ended."""
    with _changing(actor, account_id) as account:
        chosen = account.sign_ins.all() if sign_in_id is None else account.sign_ins.filter(pk=sign_in_id)
        ended = chosen.delete()[0]
        audit.record(actor, "session.ended", _subject(account), data={"ended": ended}, now=now)
    return ended


def add_grant(
    actor: Actor, account_id: int, role: str, now: datetime, unit: Unit | None = None, area: Area | None = None
) -> Grant:
    """Give a role for a unit, an area, or the whole district. Raises Refused if it doesn't fit or is there already."""
    fault = grant_fault(role, unit.pk if unit else None, area.pk if area else None)
    if role not in Role.values:
        fault = "没有这个角色"
    if fault:
        raise Refused(f"{fault}。没有授权。", code="grant")
    with _changing(actor, account_id) as account:
        grant, new = Grant.objects.get_or_create(account=account, role=role, unit=unit, area=area)
        if not new:
            raise Refused("这个账号已有这项授权。没有改动。", code="grant_exists")
        audit.record(actor, "grant.added", _subject(account), data=_grant_words(grant), now=now)
    return grant


def remove_grant(actor: Actor, account_id: int, grant_id: int, now: datetime) -> None:
    """Take a role back. Raises Refused for one's own administration and for the last administrator."""
    with _changing(actor, account_id) as account:
        chosen = Grant.objects.filter(pk=grant_id, account=account)
        grant = chosen.select_related("unit", "area").first()
        if grant is None:
            raise Refused("这项授权已被收回。没有改动。", code="grant_gone")
        if grant.role == Role.administrator and account.pk == actor.account_id:
            raise Refused("不能收回自己的管理员角色。请由另一位管理员操作。没有改动。", code="own_account")
        if grant.role == Role.administrator:
            _keep_an_administrator(without=chosen)
        said = _grant_words(grant)
        grant.delete()
        audit.record(actor, "grant.removed", _subject(account), data=said, now=now)


def change_own_password(
    account: Account, actor: Actor, present: str, new: str, now: datetime, keep_session: str | None = None
) -> None:
    """Change one's own password; all other sessions end.

    Raises Refused when the present password is wrong or the new one breaks a rule; nothing is changed then.
    """
    if not account.check_password(present):
        raise Refused("现在的密码不对。密码没有改动。", code="present_password")
    faults = password_faults(new, account)
    if faults:
        raise Refused(f"{''.join(faults)}密码没有改动。", code="new_password")
    with transaction.atomic():
        account.set_password(new)
        account.must_change_password, account.password_changed_at = False, now
        account.save(update_fields=["password", "must_change_password", "password_changed_at"])
        ended = end_sessions(account.pk, except_key=keep_session)
        audit.record(actor, "password.changed", _subject(account), data={"sessions": ended}, now=now)


def switch_totp_on(account: Account, actor: Actor, secret: str, now: datetime) -> None:
    """Keep the secret whose code the person has just typed; from now on login asks for a code."""
    with transaction.atomic():
        account.totp_sealed = seal_secret(account, secret)
        account.save(update_fields=["totp_sealed"])
        audit.record(actor, "totp.switched_on", _subject(account), now=now)


def switch_totp_off(account: Account, actor: Actor, password: str, now: datetime) -> None:
    """Stop asking for a code. Raises Refused when the password is wrong."""
    if not account.check_password(password):
        raise Refused("密码不对。动态码仍然启用。", code="present_password")
    with transaction.atomic():
        account.totp_sealed = None
        account.save(update_fields=["totp_sealed"])
        audit.record(actor, "totp.switched_off", _subject(account), now=now)


def end_own_session(
    account: Account, actor: Actor, sign_in_id: int | None, keep_session: str | None, now: datetime
) -> int:
    """End one of one's own sessions, or with None all but the present one; how many ended."""
    with transaction.atomic():
        if sign_in_id is None:
            ended = end_sessions(account.pk, except_key=keep_session)
        else:
            ended = account.sign_ins.filter(pk=sign_in_id).delete()[0]
        action = "logout.everywhere" if sign_in_id is None else "session.ended"
        audit.record(actor, action, _subject(account), data={"ended": ended}, now=now)
    return ended


@contextmanager
def _changing(actor: Actor, account_id: int) -> Iterator[Account]:
    """A transaction in which this account is locked and belongs to an administrator's work."""
    require(actor, ADMINISTRATION)
    with transaction.atomic():
        # no_key: an audit entry of this very account, written by somebody else at once, must not wait for us.
        yield Account.objects.select_for_update(no_key=True).get(pk=account_id)


def _keep_an_administrator(without: QuerySet[Grant]) -> None:
    with connection.cursor() as cursor:
        # One after the other, so that two administrators who remove each other at once can't both succeed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people.last_administrator'))")
    others = Grant.objects.filter(role=Role.administrator, account__is_active=True).exclude(pk__in=without.values("pk"))
    if not others.exists():
        raise Refused("这是最后一个可用的管理员，至少要留一个。没有改动。", code="last_administrator")


def _grant_words(grant: Grant) -> dict[str, str]:
    where = {"unit": grant.unit.name if grant.unit else "", "area": grant.area.name if grant.area else ""}
    return {"role": grant.get_role_display(), **{key: value for key, value in where.items() if value}}


def _subject(account: Account) -> str:
    return f"account:{account.username}"
