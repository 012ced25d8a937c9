"""Categories and streets: who has how many, and how that changed."""

from collections.abc import Sequence
from typing import Any

from ..book import Cut, counted_name, name_of
from ..content import LEFT, RIGHT, Block, bars, table, text
from .desk import Desk

ROWS, BARS, NAMED = 10, 10, 3
COUNTED = ((2.8, LEFT), (1.2, RIGHT), (1.2, RIGHT))
COMPARED = ((1.4, RIGHT), (1.2, RIGHT), (1.3, RIGHT))


def categories(desk: Desk) -> list[Block]:
    """The categories with most cases; those of the third level when the report is on a category."""
    narrowed = any(name.startswith("category") for name, _ in desk.book.filters)
    dimension = "category3" if narrowed else "category2"
    cut = desk.book.cut("count", desk.now, dimension)
    if len(cut.keys) < 2:
        return []
    before = desk.book.cut("count", desk.former, dimension) if desk.former else None
    title = "受理量较多的诉求类别"
    for key in cut.keys[:NAMED]:
        desk.hear("leading", dimension, key, name_of(dimension, key))
    return [
        text(_leading(desk, cut, "诉求较为集中的是")),
        table(f"{title}（件）", *_grid(desk, "类别", cut, before, cut.keys[:ROWS])),
        _bars(desk, title, cut, before, cut.keys[:BARS]),
    ]


def streets(desk: Desk) -> list[Block]:
    """All streets with their cases, on-time and satisfied rates."""
    cut = desk.book.cut("count", desk.now, "street")
    if len(cut.keys) < 2:
        return []
    before = desk.book.cut("count", desk.former, "street") if desk.former else None
    columns, head, rows = _grid(desk, "街道", cut, before, cut.keys)
    found = [desk.book.cut(code, desk.now, "street") for code in ("on_time", "satisfied")]
    rates = [rate for rate in found if any(rate.groups.values())]
    wide = [*columns, *[(1.7, RIGHT)] * len(rates)]
    full = [[*row, *(str(rate.fact(key)) for rate in rates)] for row, key in zip(rows, cut.keys, strict=True)]
    return [
        text(_leading(desk, cut, "受理量居前的街道是")),
        table("各街道受理和办理情况", wide, [*head, *(rate.question.measure.name for rate in rates)], full),
        _bars(desk, "各街道受理量", cut, before, cut.keys),
    ]


def _leading(desk: Desk, cut: Cut, opening: str) -> str:
    count = desk.book.asked("count", desk.now)
    code = cut.question.by[0].code
    named = [
        f"{counted_name(code, key)}{cut.fact(key)}件、占{desk.book.made('share', cut.fact(key), count)}"
        for key in cut.keys[:NAMED]
    ]
    return f"{opening}{'，'.join(named)}。"


def _grid(
    desk: Desk, title: str, cut: Cut, before: Cut | None, keys: Sequence[Any]
) -> tuple[list[tuple[float, str]], list[str], list[list[str]]]:
    """Columns, head and rows: name, cases, share, and where there is a span before its cases, difference and change."""
    count, code = desk.book.asked("count", desk.now), cut.question.by[0].code
    columns, head = list(COUNTED), [title, "本期", "占比"]
    rows = [
        [name_of(code, key), str(cut.fact(key)), str(desk.book.made("share", cut.fact(key), count))] for key in keys
    ]
    if before:
        columns += COMPARED
        head += [desk.periods.former_words, "增减", "变化率"]
        for key, row in zip(keys, rows, strict=True):
            pair = cut.fact(key), before.fact(key)
            row += [str(pair[1]), str(desk.book.made("difference", *pair)), str(desk.book.made("change", *pair))]
    return columns, head, rows


def _bars(desk: Desk, caption: str, cut: Cut, before: Cut | None, keys: Sequence[Any]) -> Block:
    names = ["本期", *([desk.periods.former_words] if before else [])]
    code = cut.question.by[0].code
    rows = [(name_of(code, key), [cut.fact(key), *([before.fact(key)] if before else [])]) for key in keys]
    return bars(f"{caption}（件）", names, rows)
