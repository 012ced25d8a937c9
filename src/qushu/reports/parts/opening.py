"""How many came in, from where, of what kind, and when."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from qushu.insight.overview.periods import Span

from ..book import counted_name, name_of
from ..content import Block, lines, text
from ..facts import Fact
from ..periods import days_of
from .desk import Desk

MOST_NAMED = 5
LONGEST_BY_DAY = 92
SMALLEST_SHARE = Decimal("0.05")
"""In percent."""
WHO = ("street", "area", "community", "unit")
"""Filters whose value takes in cases itself."""


def volume(desk: Desk) -> list[Block]:
    """How many cases, beside those of the span before and of last year."""
    book, than = desk.book, desk.periods.former_words
    count = book.asked("count", desk.now)
    said = f"{_when(desk)}，{_whose(desk)}{count}件"
    if 1 < days_of(desk.counted) <= 10 * count.number:  # fewer would read 日均0.0件
        said += f"，日均{book.made('per', count, days_of(desk.counted))}件"
    if desk.former:
        said += desk.moved(count, book.asked("count", desk.former), than)
    else:
        desk.words_once.append(f"{than}没有完整数据，不作环比。")
    if desk.last_year:
        said += desk.moved(count, book.asked("count", desk.last_year), "去年同期")
    elif desk.periods.last_year:
        desk.words_once.append("去年同期没有数据，不作同比。")
    return [text(f"{said}。")]


def channels(desk: Desk) -> list[Block]:
    """From which channels."""
    return [text(_shares(desk, "channel", "从来源渠道看"))]


def kinds(desk: Desk) -> list[Block]:
    """Of which kinds."""
    return [text(_shares(desk, "kind", "从诉求类型看"))]


def course(desk: Desk) -> list[Block]:
    """A chart over days (hours of one day, months of a long span), and the peak."""
    code = "hour" if desk.periods.days == 1 else "day" if desk.periods.days <= LONGEST_BY_DAY else "month"
    cut = desk.book.cut("count", desk.now, code)
    if not cut.keys:
        return []
    slots = _slots(code, desk.counted)
    series: list[tuple[str, Sequence[Fact | None]]] = [("本期", [cut.fact(slot) for slot in slots])]
    if desk.former:
        before = desk.book.cut("count", desk.former, code)
        earlier = _slots(code, desk.former)[: len(slots)]
        facts: list[Fact | None] = [before.fact(slot) for slot in earlier]
        series.append((desk.periods.former_words, facts + [None] * (len(slots) - len(facts))))
    peak = max(slots, key=lambda slot: (cut.wholes.get(slot, 0), -slots.index(slot)))
    said = f"受理最多的是{_called(code, peak)}，共{cut.fact(peak)}件。"
    unit = {"hour": "时", "day": "日", "month": "月"}[code]
    return [text(said), lines(f"逐{unit}受理量（件）", [_label(code, slot) for slot in slots], series)]


def _when(desk: Desk) -> str:
    """The period; of a week its days, and from when there are cases where they don't reach back to its first day."""
    first, last = desk.now
    more = [f"{first.month}月{first.day}日至{last.month}月{last.day}日"] if desk.periods.kind == "weekly" else []
    if (since := desk.counted[0]) > first:
        more.append(f"数据自{since.month}月{since.day}日起")
    return desk.periods.words + (f"（{'，'.join(more)}）" if more else "")


def _whose(desk: Desk) -> str:
    """全区共受理市民诉求; of what is no place or unit: 共受理“施工噪声”方面的市民诉求."""
    if all(name in WHO for name, _ in desk.book.filters):
        return f"{desk.where}共受理市民诉求"
    return f"共受理{desk.where}方面的市民诉求"


def _shares(desk: Desk, dimension: str, opening: str) -> str:
    cut = desk.book.cut("count", desk.now, dimension)
    if len(cut.keys) == 1:
        return f"{opening}，全部为{name_of(dimension, cut.keys[0])}。"
    count = desk.book.asked("count", desk.now)
    said = [f"{counted_name(dimension, key)}{_part(desk, cut.fact(key), count)}" for key in cut.keys[:MOST_NAMED]]
    if len(cut.keys) > MOST_NAMED:
        said.append(f"其余{desk.book.made('others', count, *(cut.fact(key) for key in cut.keys[:MOST_NAMED]))}件")
    return f"{opening}，{'；'.join(said)}。" if said else ""


def _part(desk: Desk, fact: Fact, count: Fact) -> str:
    """131件、占6.4%; of what would read 占0.0% its cases alone."""
    share = desk.book.made("share", fact, count)
    return f"{fact}件、占{share}" if share.number >= SMALLEST_SHARE else f"{fact}件"


def _slots(code: str, span: Span) -> Sequence[date | int]:
    if code == "hour":
        return range(24)
    days = [span[0] + timedelta(days=number) for number in range(days_of(span))]
    return days if code == "day" else list(dict.fromkeys(day.replace(day=1) for day in days))


def _label(code: str, slot: date | int) -> str:
    if isinstance(slot, int):
        return str(slot)
    return f"{slot.month}月" if code == "month" else f"{slot.month}-{slot.day}"


def _called(code: str, slot: date | int) -> str:
    if isinstance(slot, int):
        return f"{slot}时至{slot + 1}时"
    return f"{slot.year}年{slot.month}月" if code == "month" else f"{slot.month}月{slot.day}日"
