"""Values in PostgreSQL's COPY text format, for loads that write rows without making a model's instance of each.

A function for each kind of value, for code that knows what it writes; `cell` finds the one for any value.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from .chain import canonical

NONE = r"\N"


def line(*cells: str) -> str:
    """One row."""
    return "\t".join(cells)


def text(value: str) -> str:
    """A string."""
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
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


def nonzero(ident: int) -> str:
    """An id; 0 is none."""
    return str(ident) if ident else NONE


def yes(value: bool | None) -> str:
    """A boolean or NULL."""
    return NONE if value is None else "t" if value else "f"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


WRITTEN: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: NONE,
    str: text,
    int: str,
    float: repr,
    bool: yes,
    bytes: binary,
    datetime: lru_cache(maxsize=4096)(datetime.isoformat),  # equal moments in two zones are one to the database
    dict: lambda value: text(canonical(value).decode()),
    list: lambda value: text("{" + ",".join(map(_quoted, value)) + "}"),
}
"""By the type of the value; a list is one of texts."""


def cell(value: object) -> str:
    """A value of any type in WRITTEN. Raises KeyError for another."""
    return WRITTEN[type(value)](value)
