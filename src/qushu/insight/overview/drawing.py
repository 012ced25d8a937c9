"""Which chart shows an answer, and its marks: every one leads to the rows behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from qushu.places.street_map import street_places

from .comparing import Former
from .cutting import NOT_THESE, Answer, Group, together
from .naming import OTHERS, namer

BARS, LINES, FLOWS_LEFT, FLOWS_RIGHT, HEAT_WIDTH = 30, 4, 12, 15, 31
TIMES = ("day", "week", "month", "year")


@dataclass(frozen=True)
class Drawing:
    """A chart (a key of forms.CHARTS) and what its component is given."""

    kind: str
    given: Mapping[str, Any]


def rows_address(answer: Answer, group: Group, half: str = "all") -> str:
    """The page of the rows behind a group."""
    return f"{reverse('cut-rows')}?{answer.question.at(group.keys).query(half=half)}"


def choose(answer: Answer, wanted: str) -> str:
    """The wanted chart when the dimensions allow it, else the one that suits them best."""
    by = [one.code for one in answer.question.by]
    if not by or len(by) > 2 or wanted == "table" or not answer.groups:
        return "table"  # no chart here shows a third dimension
    possible = ["bar", "pareto"] if answer.question.measure.adds_up and not answer.question.measure.is_rate else ["bar"]
    if by[0] in TIMES:
        possible.insert(0, "line")
    if by[0] in ("street", "community"):
        possible.append("tiles")
    if len(by) > 1:
        possible = ["line", "heat"] if by[0] in TIMES else ["heat"]
        if answer.question.measure.adds_up and not answer.question.measure.is_rate:
            possible.append("flow")
    return wanted if wanted in possible else possible[0]


def draw(answer: Answer, wanted: str, former: Former | None = None) -> Drawing:
    """The chart of an answer; a table needs none. A line has the year before beside it when that is known."""
    kind = choose(answer, wanted)
    if kind == "line" and former:
        return Drawing(kind, _with_former(answer, former))
    makers: dict[str, Callable[[Answer], Mapping[str, Any]]] = {
        "bar": _rows,
        "pareto": _rows,
        "tiles": _map,
        "line": _lines,
        "heat": _heat,
        "flow": _flows,
    }
    return Drawing(kind, makers[kind](answer) if kind in makers else {})


def _rows(answer: Answer) -> Mapping[str, Any]:
    name = namer(answer.question.by[0].code)
    rows = [
        (name(group.keys[0]), group.number, rows_address(answer, group))
        for group in answer.groups
        if group.number is not None
    ]
    return {"rows": rows, "some": rows[:BARS], "more": len(rows) > BARS}


def _map(answer: Answer) -> Mapping[str, Any]:
    """The rows with the place of each street on the schematic map; communities have none."""
    places = street_places() if answer.question.by[0].code == "street" else {}
    groups = [group for group in answer.groups if group.number is not None]
    return {
        "rows": [(*row, places.get(group.keys[0])) for row, group in zip(_rows(answer)["rows"], groups, strict=True)]
    }


def _lines(answer: Answer) -> Mapping[str, Any]:
    question = answer.question
    times = list(dict.fromkeys(group.keys[0] for group in answer.groups if group.keys[0] is not None))
    keys: list[Any] = [None]
    names = [question.measure.name]
    if len(question.by) > 1:
        keys = list(dict.fromkeys(group.keys[1] for group in sorted(answer.groups, key=lambda one: -one.whole)))[:LINES]
        name = namer(question.by[1].code)
        names = [name(key) for key in keys]
    found = {(group.keys[0], group.keys[1] if len(question.by) > 1 else None): group for group in answer.groups}
    nought = None if question.measure.is_rate or question.measure.quantile else 0.0
    series, hrefs = [], []
    for key, words in zip(keys, names, strict=True):
        groups = [found.get((time, key)) for time in times]
        series.append((words, [nought if one is None or one.number is None else float(one.number) for one in groups]))
        hrefs.append(["" if one is None else rows_address(answer, one) for one in groups])
    label = namer(question.by[0].code)
    return {"series": series, "labels": [label(time) for time in times], "hrefs": hrefs}


def _with_former(answer: Answer, former: Former) -> Mapping[str, Any]:
    """The line of the answer and that of a year before, each point leading to its own rows."""
    drawn = dict(_lines(answer))
    times = [group.keys[0] for group in answer.groups if group.keys[0] is not None]
    before = [former.beside.get(time) for time in times]
    nought = None if answer.question.measure.is_rate or answer.question.measure.quantile else 0.0
    values = [nought if one is None or one.number is None else float(one.number) for one in before]
    hrefs = ["" if one is None else rows_address(former.answer, one) for one in before]
    drawn["series"], drawn["hrefs"] = [*drawn["series"], ("去年同期", values)], [*drawn["hrefs"], hrefs]
    return drawn


def _heat(answer: Answer) -> Mapping[str, Any]:
    question = answer.question
    down, across = axis(answer, 0), axis(answer, 1)
    cells = {
        group.keys[:2]: (group.number, rows_address(answer, group))
        for group in answer.groups
        if group.number is not None
    }
    return {
        "down": down,
        "across": across[:HEAT_WIDTH],
        "cells": cells,
        "more": len(across) > HEAT_WIDTH,
        "unit": question.measure.unit,
    }


def axis(answer: Answer, place: int) -> list[tuple[Any, str]]:
    """The values of one dimension with their names, in order; all hours and weekdays, also those without a row."""
    one = answer.question.by[place]
    keys = list(dict.fromkeys(group.keys[place] for group in answer.groups))
    if one.code in ("hour", "weekday"):
        keys = list(range(24)) if one.code == "hour" else list(range(1, 8))
    elif one.in_order:
        keys.sort(key=lambda key: (key is None, key if key is not None else 0))
    elif place:
        sizes: dict[Any, int] = {}
        for group in answer.groups:
            sizes[group.keys[place]] = sizes.get(group.keys[place], 0) + group.whole
        keys.sort(key=lambda key: -sizes[key])
    name = namer(one.code)
    return [(key, name(key)) for key in keys]


def _flows(answer: Answer) -> Mapping[str, Any]:
    """The largest on either side by name, the rest together, so that the sum stays whole."""
    lefts, rights = axis(answer, 0)[:FLOWS_LEFT], axis(answer, 1)[:FLOWS_RIGHT]
    left_names, right_names = dict(lefts), dict(rights)
    namers = [namer(one.code) for one in answer.question.by]
    sums: dict[tuple[str, str], list[Group]] = {}
    for group in answer.groups:
        left, right = (
            names.get(key, OTHERS) if key is not None else name(None)
            for key, names, name in zip(group.keys, (left_names, right_names), namers, strict=True)
        )
        sums.setdefault((left, right), []).append(group)
    measure = answer.question.measure
    rows = []
    for (left, right), groups in sums.items():
        values = tuple(
            _others(named) if words == OTHERS else groups[0].keys[place]
            for place, (words, named) in enumerate(((left, left_names), (right, right_names)))
        )
        rows.append((left, right, together(measure, groups).number, rows_address(answer, Group(values, 0, 0, None))))
    return {"rows": rows}


def _others(named: Mapping[Any, str]) -> str:
    """Every value but the named ones, as an address holds it."""
    return NOT_THESE + ".".join(str(key) for key in named if key is not None)


def lines_of(answer: Answer) -> list[tuple[Sequence[str], Group, str]]:
    """A long table: names of the values, the group, the address of its rows."""
    names = [namer(one.code) for one in answer.question.by]
    return [
        ([name(key) for name, key in zip(names, group.keys, strict=True)], group, rows_address(answer, group))
        for group in answer.groups
    ]
