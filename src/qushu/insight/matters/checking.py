"""The matters of the demo year against what was planted in it."""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from .models import Membership

SORTS = ("matters", "surges")
LEAST_CASES = 3
WEAKEST = 8


def demo_figures(home: Path) -> dict[str, Any]:
    """Mean best F1 by sort, with the weakest. Raises FileNotFoundError when the home holds no demo year."""
    planted = json.loads((home / "demo" / "planted.json").read_text(encoding="utf-8"))
    groups: dict[int, set[str]] = {}
    rows = Membership.objects.filter(removed_at__isnull=True).values_list("matter_id", "case__number")
    for matter_id, number in rows.iterator():
        groups.setdefault(matter_id, set()).add(number)
    return {sort: _figures(planted[sort], groups) for sort in SORTS}


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
