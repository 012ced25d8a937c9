"""Every write of the people room. Rooms downstream import from here."""

from .accounts import (
    add_grant,
    change_account,
    change_own_password,
    create_account,
    disable_account,
    enable_account,
    end_account_sessions,
    end_own_session,
    remove_grant,
    reset_password,
    reset_totp,
    switch_totp_off,
    switch_totp_on,
    unlock_account,
)
from .areas import AreaFacts, change_area, close_area, open_area, rename_area
from .notices import mark_all_read, mark_read, notify
from .units import UnitFacts, change_unit, create_unit, unit_guards

__all__ = [
    "AreaFacts",
    "UnitFacts",
    "add_grant",
    "change_account",
    "change_area",
    "change_own_password",
    "change_unit",
    "close_area",
    "create_account",
    "create_unit",
    "disable_account",
    "enable_account",
    "end_account_sessions",
    "end_own_session",
    "mark_all_read",
    "mark_read",
    "notify",
    "open_area",
    "remove_grant",
    "rename_area",
    "reset_password",
    "reset_totp",
    "switch_totp_off",
    "switch_totp_on",
    "unit_guards",
    "unlock_account",
]
