"""Password rules in words for people, and passwords that nobody chose."""

import secrets

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from .models import Account

READABLE = "abcdefghijkmnpqrstuvwxyz23456789"
"""No l, o, 0, 1: a generated password is read from a sheet and typed."""

GROUPS, GROUP_LENGTH = 4, 4


def generate_password() -> str:
    """A password of four groups of four characters (79 bits), e.g. `k3wq-9xmd-7tpa-h4ze`."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def password_faults(password: str, account: Account) -> list[str]:
    """What is wrong with a new password: AUTH_PASSWORD_VALIDATORS, the account's name, the present password."""
    faults = []
    try:
        validate_password(password, account)
    except ValidationError as error:
        faults = [_words(one) for one in error.error_list]
    if account.username.lower() in password.lower():
        faults.append("密码不能包含账号。")
    if account.password and check_password(password, account.password):
        faults.append("新密码不能和现在的密码相同。")
    return faults


def spend_the_same_time(password: str) -> None:
    """Hash a password for nobody, so that an unknown account answers no sooner than a known one."""
    make_password(password)


def _words(error: ValidationError) -> str:
    # django.contrib.auth is not installed, so its Chinese messages are not either.
    least = (error.params or {}).get("min_length", "")
    return {
        "password_too_short": f"密码至少 {least} 个字符。",
        "password_too_common": "这个密码太常见，容易被猜到。",
        "password_entirely_numeric": "密码不能全是数字。",
    }.get(error.code or "", "；".join(error.messages))
