"""Rules of accounts that need no database: lockout, names, which grants fit."""

import re
from datetime import datetime, timedelta

FAILURES_BEFORE_LOCK = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
UNIT_ROLES = frozenset({"unit", "unit_leader"})


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Until when so many failures in a row lock an account: 15 minutes at the 5th, doubled at each further 5th."""
    if failures < FAILURES_BEFORE_LOCK or failures % FAILURES_BEFORE_LOCK:
        return None
    doubled = min(failures // FAILURES_BEFORE_LOCK - 1, 10)
    return now + min(FIRST_LOCK * 2**doubled, LONGEST_LOCK)


def username_fault(username: str) -> str:
    """What is wrong with a new account's name; empty when nothing is."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,59}", username):
        return "账号须为 2 到 60 位字母、数字或 . _ @ -，以字母或数字开头"
    return ""


def unit_code_fault(code: str) -> str:
    """What is wrong with a new unit's code; empty when nothing is."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,29}", code):
        return "单位代码须为 2 到 30 位字母、数字或 . _ -"
    return ""


def grant_fault(role: str, unit_id: int | None, area_id: int | None) -> str:
    """Why a role can't be given for this unit and area; empty when it can."""
    if role in UNIT_ROLES and unit_id is None:
        return "承办单位的角色须指定单位"
    if unit_id is not None and area_id is not None:
        return "一项授权只能限定单位或区域之一"
    return ""
