"""The matters and repeat callers of the demo year against what was planted in it."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from . import reading
from .models import Membership
from .repeating import repeated

SORTS = ("matters", "surges")
LEAST_CASES = 3
SAME = 0.7
_ASKED_AGAIN = re.compile(r"^(?:催办|再次来电)：|进展查询$")
"""How the generated district calls a case that asks about an earlier one."""
WEAKEST = 8


def demo_figures(home: Path) -> dict[str, Any]:
    """Mean best F1 by sort, with the weakest, and how repeat callers are told. Raises FileNotFoundError without a demo year."""
    planted = json.loads((home / "demo" / "planted.json").read_text(encoding="utf-8"))
    groups: dict[int, set[str]] = {}
    rows = Membership.objects.filter(removed_at__isnull=True).values_list("matter_id", "case__number")
    for matter_id, number in rows.iterator():
        groups.setdefault(matter_id, set()).add(number)
    figures = {sort: _figures(planted[sort], groups) for sort in SORTS}
    return figures | {"repeat_callers": _repeat_figures(planted)}


def _repeat_figures(planted: Mapping[str, Any]) -> dict[str, Any]:
    """The year in stretches of the rule's days. Wanted is what a planted caller calls by one title; one thing is that,
    and what they said of one category in one community."""
    row, learned = reading.rule(), reading.weights()
    numbers = [number for caller in planted["repeat_callers"] for number in caller["numbers"]]
    end = datetime.fromisoformat(f"{planted['until']}T00:00:00+08:00") + timedelta(days=1)
    length = timedelta(days=row.repeat_days)
    wanted: list[frozenset[int]] = []
    things: list[frozenset[int]] = []
    found: list[frozenset[int]] = []
    for back in range(365 // row.repeat_days if learned else 0):
        cases = reading.complaints().filter(
            number__in=numbers, accepted_at__gt=end - (back + 1) * length, accepted_at__lte=end - back * length
        )
        told = list(cases.values_list("pk", "caller_index", "title", "category_id", "area_id"))
        called = _together(
            (pk, (bytes(person or b""), _ASKED_AGAIN.sub("", title))) for pk, person, title, _, _ in told
        )
        wanted += [group for group in called if len(group) >= row.repeats]
        things += called
        things += _together((pk, (bytes(person or b""), category, area)) for pk, person, _, category, area in told)
        found += [frozenset(one.case_id for one in group) for group in repeated(cases, row, learned)]  # type: ignore[arg-type]
    return {"planted": len(wanted), "found": len(found)} | agreement(wanted, things, found)


def _together(rows: Iterable[tuple[int, Hashable]]) -> list[frozenset[int]]:
    groups: dict[Hashable, set[int]] = defaultdict(set)
    for pk, key in rows:
        groups[key].add(pk)
    return [frozenset(group) for group in groups.values()]


def agreement(
    wanted: Sequence[frozenset[int]], things: Sequence[frozenset[int]], found: Sequence[frozenset[int]]
) -> dict[str, float | None]:
    """Recall: of the wanted groups those with a found one of which SAME is shared. Precision: of the found those that are mostly one thing."""
    hit = sum(any(len(one & other) >= SAME * max(len(one), len(other)) for other in found) for one in wanted)
    right = sum(any(len(one & other) > len(other) / 2 for one in things) for other in found)
    return {
        "recall": round(hit / len(wanted), 3) if wanted else None,
        "precision": round(right / len(found), 3) if found else None,
    }


def best_f1(wanted: Collection[str], groups: Mapping[int, set[str]], of: Mapping[str, int]) -> float:
    """The F1 of the group that agrees best with what was wanted; `of` says in which group each number is."""
    gold, best = set(wanted), 0.0
    for key in {of[number] for number in gold if number in of}:
        both = len(gold & groups[key])
        best = max(best, 2 * both / (len(gold) + len(groups[key])))
    return round(best, 4)


def _figures(things: Sequence[Mapping[str, Any]], groups: Mapping[int, set[str]]) -> dict[str, Any]:
    of = {number: key for key, numbers in groups.items() for number in numbers}
    rows = [
        {"title": thing["title"], "cases": len(thing["numbers"]), "f1": best_f1(thing["numbers"], groups, of)}
        for thing in things
        if len(thing["numbers"]) >= LEAST_CASES
    ]
    mean = round(sum(row["f1"] for row in rows) / len(rows), 4) if rows else None
    return {"planted": len(rows), "mean_best_f1": mean, "weakest": sorted(rows, key=lambda row: row["f1"])[:WEAKEST]}
