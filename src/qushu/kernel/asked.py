"""What an address holds, read: numbers and days. Whatever somebody types there gives None, never an error. Pure."""

from datetime import date, datetime, time, timedelta

from .calendar import SHANGHAI

BIGGEST_ID = 2**63 - 1
NINE_DIGITS = 10**9 - 1
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def number_in(text: str, most: int = BIGGEST_ID, least: int = 0) -> int | None:
    """A whole number from `least` to `most` in ASCII digits; None for anything else: ², １, -1, one that no column holds."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 19):
        return None
    number = int(text)
    return number if least <= number <= most else None


def day_in(text: str) -> date | None:
    """A day written 2026-01-31 between FIRST_DAY and LAST_DAY; None for anything else."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def start_of(day: date, later: int = 0) -> datetime:
    """When the day begins in Asia/Shanghai, or one so many days later (aware)."""
    return datetime.combine(day + timedelta(days=later), time(), SHANGHAI)
