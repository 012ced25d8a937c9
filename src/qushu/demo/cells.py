"""Values as PostgreSQL's COPY text format wants them."""

from datetime import date, timedelta
from functools import cache, lru_cache

NONE = r"\N"


def line(*values: str) -> str:
    """One row."""
    return "\t".join(values)


def text(value: str) -> str:
    """A string."""
    if "\\" in value or "\n" in value or "\t" in value:
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return value


@lru_cache(maxsize=4096)  # a moment stands in several columns and rows of its case
def moment(seconds: int | None) -> str:
    """Seconds since 1970 as a timestamp."""
    if seconds is None:
        return NONE
    day, second = divmod(seconds, 86400)
    return f"{_day(day)} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}+00"


@cache
def _day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def binary(value: bytes | None) -> str:
    """bytea in hex."""
    return NONE if value is None else f"\\\\x{value.hex()}"


def maybe(value: object) -> str:
    """A number, an id, a day, or NULL."""
    return NONE if value is None else str(value)


def yes(value: bool | None) -> str:
    """A boolean or NULL."""
    return NONE if value is None else "t" if value else "f"


def staff(ident: int) -> str:
    """An account's id; 0 is nobody with an account."""
    return str(ident) if ident else NONE
