"""The cells of a row, written and read: words, days, moments, numbers, codes. Reading raises Refused in words for people."""

from datetime import date, datetime

from django.utils import timezone

from qushu.kernel.errors import Refused

from .imports import Row


def row_of(columns: tuple[str, ...], *cells: str) -> Row:
    """A row from its cells in the order of the columns."""
    return dict(zip(columns, cells, strict=True))


def yes(value: bool) -> str:
    """是 or 否."""
    return "是" if value else "否"


def day_of(text: str, column: str) -> date | None:
    """A day written 2026-01-31 or 2026/1/31; None for an empty cell."""
    text = text.strip().replace("/", "-")[:10]
    if not text:
        return None
    try:
        year, month, day = text.split("-")
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Refused(f"{column}“{text}”应写成 2026-01-31 的样子。", code="import_date") from None


def moment_of(text: str, column: str) -> datetime | None:
    """A moment in Asia/Shanghai written 2026-01-31 09:00, or a day, which is its beginning; None for an empty cell."""
    text = text.strip().replace("/", "-").replace("T", " ")
    if not text:
        return None
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return timezone.make_aware(datetime.strptime(text, form))
        except ValueError:
            continue
    raise Refused(f"{column}“{text}”应写成 2026-01-31 09:00 的样子。", code="import_date")


def number_of(text: str, column: str) -> int | None:
    """A whole number; None for an empty cell."""
    text = text.strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused(f"{column}“{text}”应是数字。", code="import_number")
    return int(text)


def yes_or_no(text: str, usual: bool) -> bool:
    """是 or 否 of a cell; an empty one is `usual`. Raises Refused for another word."""
    text = text.strip()
    if not text:
        return usual
    if text not in ("是", "否"):
        raise Refused(f"“{text}”应写“是”或“否”。", code="import_word")
    return text == "是"


def code_of(labels: list[tuple[str, str]], text: str, column: str) -> str:
    """The code of a choice by its Chinese label or by the code itself. Raises Refused for another word."""
    for code, label in labels:
        if text.strip() in (code, label):
            return code
    words = "、".join(label for _, label in labels)
    raise Refused(f"{column}“{text}”不在列表里（{words}）。", code="import_word")
