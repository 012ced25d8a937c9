"""今天要办: what waits for a person. Each room says what of its own waits, when Django starts; the cockpit shows it in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from .access import Actor, may_at_all


class Rank(IntEnum):
    """What comes first: people in danger, what was handed up, promises about to break, papers to sign, answers owed, the rest."""

    danger = 0
    escalated = 1
    promise = 2
    signature = 3
    answer = 4
    decision = 5


@dataclass(frozen=True)
class Task:
    """One thing to do: `words` begin with the verb; `count` things wait, listed at `href`; `why` names the most pressing.

    `tone` is a tone of the design system; `due_at` (aware) orders tasks of one rank.
    """

    rank: Rank
    words: str
    count: int
    unit: str
    why: str
    href: str
    tone: str = "neutral"
    due_at: datetime | None = None


@dataclass(frozen=True)
class Source:
    """What waits in a room for whoever may do `action`; `read` yields tasks that have something waiting."""

    code: str
    action: str
    read: Callable[[Actor, datetime], Iterator[Task]]


SOURCES: dict[str, Source] = {}


def offer_tasks(code: str, action: str, read: Callable[[Actor, datetime], Iterator[Task]]) -> None:
    """Let a room's tasks be shown; offering the same code again replaces it."""
    SOURCES[code] = Source(code, action, read)


def tasks_for(actor: Actor, now: datetime) -> list[Task]:
    """All that waits for this person, the most pressing first; of one rank by the date, then as its room says them."""
    found = [
        task for one in SOURCES.values() if may_at_all(actor, one.action) for task in one.read(actor, now) if task.count
    ]
    return sorted(found, key=_order)


def _order(task: Task) -> tuple[int, float]:
    return task.rank, task.due_at.timestamp() if task.due_at else float("inf")
