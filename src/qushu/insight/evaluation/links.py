"""How well the earlier case is found that a case asks about (追问)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from qushu.insight.belonging.following import Call, Earlier
from qushu.kernel.tables import read_table

from .labelled_rows import BadRows, check_columns, shown, sortable

_CUT: Final = re.compile(r"工单内容\s*[:：]?\s*")
_SHORTEST: Final = 15
_NOT_FOUND: Final = 99


@dataclass(frozen=True)
class Columns:
    """The names of a table's columns; caller and address may be missing."""

    number: str = "id"
    time: str = "time"
    text: str = "text"
    caller: str | None = None
    address: str | None = None


def read_calls(path: Path, columns: Columns) -> list[Call]:
    """The cases of a table. Raises BadRows for a missing column or a number that comes twice, BadTable."""
    calls: dict[str, Call] = {}
    for _, row in read_table(path):
        wanted = [columns.number, columns.time, columns.text, columns.caller, columns.address]
        check_columns(path, row, [name for name in wanted if name])
        call = Call(
            shown(row[columns.number]),
            sortable(shown(row[columns.time])),
            shown(row[columns.text]),
            shown(row[columns.caller]) if columns.caller else "",
            shown(row[columns.address]) if columns.address else "",
        )
        if call.number in calls:
            raise BadRows(f"{path.name} 中编号“{call.number}”出现了两次。")
        calls[call.number] = call
    return list(calls.values())


def read_pairs(path: Path, child: str = "child", parent: str = "parent") -> list[tuple[str, str]]:
    """(later, earlier) numbers of a table. Raises BadRows, BadTable."""
    pairs = []
    for _, row in read_table(path):
        check_columns(path, row, [child, parent])
        pairs.append((shown(row[child]), shown(row[parent])))
    return pairs


def figures(calls: list[Call], pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The share of pairs whose parent is first among the candidates, and among the first three.

    Told apart: pairs whose child quotes the parent's number and pairs whose child doesn't. A pair with a case that
    isn't there counts as not found. `reference`: the same figures of the earlier cases whose runs of two and three
    characters are likest (cosine of TF-IDF; a quoted number is nothing but characters). Raises BadRows without pairs.
    """
    if not pairs:
        raise BadRows("没有可以核对的追问对。")
    earlier, known = Earlier(calls), {call.number: call for call in calls}
    if not any(len(call.text) > 1 for call in calls):
        raise BadRows("工单没有文字，无法比较。")
    there = [(child, parent) for child, parent in pairs if child in known and parent in known]
    quotes = [parent.upper() in known[child].text.upper() for child, parent in there]
    absent = len(pairs) - len(there)
    ours = [[one.number for one in earlier.asked_about(child)] for child, _ in there]
    theirs = likest_by_characters(calls, [child for child, _ in there])
    return {
        **_told_apart(there, quotes, ours, absent),
        "pairs_not_in_cases": absent,
        "reference": _told_apart(there, quotes, theirs, absent),
    }


def likest_by_characters(calls: list[Call], children: list[str], most: int = 3) -> list[list[str]]:
    """Of each child the numbers of the `most` likest calls that aren't later."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True).fit_transform(
        [call.text for call in calls]
    )
    places = {call.number: place for place, call in enumerate(calls)}
    times = np.array([call.at for call in calls])
    found = []
    for child in children:
        place = places[child]
        alike = (rows @ rows[place].T).toarray().ravel()
        alike[times > times[place]] = -1.0
        alike[place] = -1.0
        found.append([calls[one].number for one in np.argsort(-alike, kind="stable")[:most]])
    return found


def _told_apart(
    pairs: list[tuple[str, str]], quotes: list[bool], found: list[list[str]], absent: int
) -> dict[str, Any]:
    """The figures of all pairs, and of those with and without a quoted number; `absent` pairs were not found."""
    ranks: dict[bool, list[int]] = {True: [], False: [_NOT_FOUND] * absent}
    for (_, parent), quoted, numbers in zip(pairs, quotes, found, strict=True):
        ranks[quoted].append(numbers.index(parent) if parent in numbers else _NOT_FOUND)
    shares = {"with_number": _shares(ranks[True]), "without_number": _shares(ranks[False])}
    return _shares(ranks[True] + ranks[False]) | shares


def cut_in_two(orders: list[Call]) -> Iterator[tuple[Call, Call | None]]:
    """Follow-ups whose earlier order is known for certain: orders that quote one, cut where the quotation begins.

    What stands before it (who calls, the title of the earlier order) is the later call, the quotation the earlier order
    of the same time; every second call (by place) also says its number. Orders that quote nothing come as (order, None).
    """
    said_number = False
    for order in orders:
        parts = _CUT.split(order.text, maxsplit=1)
        if len(parts) < 2 or min(len(part.strip()) for part in parts) < _SHORTEST:
            yield order, None
            continue
        said_number = not said_number
        parent = replace(order, number=f"{order.number}-P", text=parts[1].strip())
        number = parent.number if said_number else ""
        yield replace(order, text=f"{parts[0].strip()} {number}".strip()), parent


def cut_pairs(orders: list[Call]) -> tuple[list[Call], list[tuple[str, str]]]:
    """All calls of `cut_in_two`, and the (later, earlier) numbers."""
    calls: list[Call] = []
    pairs: list[tuple[str, str]] = []
    for call, parent in cut_in_two(orders):
        calls.append(call)
        if parent:
            calls.append(parent)
            pairs.append((call.number, parent.number))
    return calls, pairs


def _shares(ranks: list[int]) -> dict[str, Any]:
    count = len(ranks)
    first, three = (sum(rank < most for rank in ranks) for most in (1, 3))
    return {
        "pairs": count,
        "first": round(first / count, 4) if count else None,
        "in_first_3": round(three / count, 4) if count else None,
    }
