"""How well matters are found: the produced groups against events that people named."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qushu.insight.belonging.grouping import Progress, group_texts
from qushu.kernel.tables import read_table

from .apart import Done, run_apart
from .labelled_rows import BadRows, check_columns, is_moment, shown, sortable

SAMPLE: Final = 500
MOST_BESIDE: Final = 50_000
"""Messages up to which the other methods run beside ours: each is tried with five thresholds."""
PERSONAL: Final = ("user", "用户", "姓名", "name")


@dataclass(frozen=True)
class Messages:
    """Messages in the file's order: key, title (or None for all), body, moment as text (empty: order of the file)."""

    keys: list[str]
    titles: list[str] | None
    bodies: list[str]
    moments: list[str]


def read_messages(path: Path, key: str, title: str | None, text: str | None) -> Messages:
    """The messages of a table. Without `text` the column with the longest texts is taken, the next longest is `title`.

    Columns that name people are never read. Raises BadRows for a missing column, BadTable for a broken file.
    """
    rows = [{name: shown(value) for name, value in row.items()} for _, row in read_table(path)]
    if not rows:
        raise BadRows(f"{path.name} 中没有行。")
    check_columns(path, rows[0], [name for name in (key, title, text) if name])
    length = {name: sum(len(row.get(name, "")) for row in rows[:SAMPLE]) for name in rows[0]}
    open_to_read = [name for name in length if name != key and not any(word in name.lower() for word in PERSONAL)]
    moment = next((name for name in open_to_read if _holds_moments(rows, name)), None)
    by_length = sorted((name for name in open_to_read if name != moment), key=lambda name: -length[name])
    body = text or by_length[0]
    head = title or next((name for name in by_length if name != body and length[name] > 5 * len(rows[:SAMPLE])), None)
    return Messages(
        [row[key] for row in rows],
        [row.get(head, "") for row in rows] if head else None,
        [row.get(body, "") for row in rows],
        [sortable(row.get(moment, "")) if moment else "" for row in rows],
    )


def read_events(path: Path, key: str) -> dict[str, set[str]]:
    """Events and the keys of their messages, from a table with the columns `event` and `key`. Raises BadRows."""
    events: dict[str, set[str]] = defaultdict(set)
    for _, row in read_table(path):
        check_columns(path, row, ["event", key])
        events[shown(row["event"])].add(shown(row[key]))
    return dict(events)


def grouped(messages: Messages, progress: Progress | None = None) -> list[set[str]]:
    """The groups of two or more messages, by key."""
    groups = group_texts(messages.bodies, messages.titles, messages.moments, progress=progress)
    return [{messages.keys[one] for one in group.members} for group in groups]


def measured(messages: Messages, events: dict[str, set[str]], progress: Progress | None = None) -> dict[str, Any]:
    """Our figures, and under `reference` those of semhash and MinHash with their best threshold, or why there are none."""
    from .other_groupings import OTHERS

    found = _with_cost(run_apart(_ours, messages, events, progress))
    found["reference"] = {name: _beside(name, messages, events) for name in OTHERS}
    return found


def _beside(name: str, messages: Messages, events: dict[str, set[str]]) -> dict[str, Any] | str:
    from .other_groupings import installed

    if not installed(name):
        return "not installed"
    if len(messages.keys) > MOST_BESIDE:
        return f"left out, more than {MOST_BESIDE:,} messages"
    return _with_cost(run_apart(_others_best, name, messages, events))


def _ours(messages: Messages, events: dict[str, set[str]], progress: Progress | None) -> dict[str, Any]:
    return figures(grouped(messages, progress), events)


def _others_best(name: str, messages: Messages, events: dict[str, set[str]]) -> dict[str, Any]:
    from .other_groupings import OTHERS

    tried = []
    for threshold, groups in OTHERS[name](messages.bodies, messages.titles):
        keys = [{messages.keys[one] for one in group} for group in groups]
        tried.append({**figures(keys, events), "threshold": threshold})
    return max(tried, key=lambda one: float(one["mean_best_f1"]))


def _with_cost(done: Done[dict[str, Any]]) -> dict[str, Any]:
    cost = {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, "peak_mb": done.peak_mb}
    return {**done.result, **{name: round(value, 1) for name, value in cost.items()}}


def figures(groups: Sequence[set[str]], events: dict[str, set[str]]) -> dict[str, Any]:
    """Each event's best F1 over the groups with its precision and recall, and their mean."""
    place = {key: number for number, group in enumerate(groups) for key in group}
    near = {name: sorted({place[key] for key in members if key in place}) for name, members in events.items()}
    found = {name: _best(groups, near[name], members) for name, members in events.items()}
    mean = sum(one["f1"] for one in found.values()) / len(found) if found else 0.0
    largest = max((len(group) for group in groups), default=0)
    return {"mean_best_f1": round(mean, 4), "events": found, "groups": len(groups), "largest_group": largest}


def _best(groups: Sequence[set[str]], near: Iterable[int], members: set[str]) -> dict[str, Any]:
    best = max((groups[one] for one in near), key=lambda group: _f1(group, members), default=set())
    both = len(best & members)
    return {
        "f1": round(_f1(best, members), 4),
        "precision": round(both / len(best), 4) if best else 0.0,
        "recall": round(both / len(members), 4),
        "size": len(best),
        "known": len(members),
    }


def _f1(group: set[str], members: set[str]) -> float:
    return 2 * len(group & members) / (len(group) + len(members))


def _holds_moments(rows: list[dict[str, str]], name: str) -> bool:
    values = [row.get(name, "") for row in rows[:SAMPLE]]
    return all(map(is_moment, values))
