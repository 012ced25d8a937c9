"""The accounts of a fresh centre: one per role, with generated passwords that are told once."""

import logging
import secrets
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils import timezone

from . import audit
from .access import SYSTEM
from .models import Account, Grant, Role, Unit
from .passwords import generate_password
from .rules import UNIT_ROLES

log = logging.getLogger(__name__)


def ensure_first_accounts(now: datetime | None = None) -> list[tuple[str, str, str]]:
    """(role, username, password) of new accounts; an empty list when somebody can already log in.

    Usernames are the roles' names. `unit` and `unit_leader` work for the same department; in a district without one
    they are left out with a warning, and the administrator makes them after importing units. Passwords need no change
    at the first login: they are generated, and this is how a demo is entered. `now` defaults to the present moment.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if Account.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
            return []
        unit = Unit.objects.filter(active=True, kind=Unit.Kind.department).order_by("code").first()
        roles = [role for role in Role if unit is not None or role.value not in UNIT_ROLES]
        if unit is None:
            log.warning("There is no department among the units yet: nobody was made for unit and unit_leader.")
        return [_first(role, unit, now) for role in roles]


def _first(role: Role, unit: Unit | None, now: datetime) -> tuple[str, str, str]:
    bound = unit if role.value in UNIT_ROLES else None
    username, password = _free(role.value), generate_password()
    account = Account(username=username, name=str(role.label), password_changed_at=now)
    account.set_password(password)
    account.save(force_insert=True)
    Grant.objects.create(account=account, role=role.value, unit=bound)
    audit.record(SYSTEM, "account.created", f"account:{username}", "首次运行", now=now)
    return role.value, username, password


def _free(username: str) -> str:
    return f"{username}-{secrets.token_hex(2)}" if Account.objects.filter(username=username).exists() else username
