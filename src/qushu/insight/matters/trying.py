"""What limits would have found in the newest cases, without keeping anything."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from qushu.insight.belonging.weighing import Weights

from . import reading
from .figures import Said, title_of
from .joining import Limits
from .pool import Pool

TRY_DAYS: Final = 30
MOST: Final = 2_000
"""Cases of a try-out, which runs while somebody waits (about half a millisecond for a case and rule)."""
SHOWN: Final = 10


@dataclass(frozen=True)
class Outcome:
    """What limits find: how many matters, the cases in them, and the largest (title, cases)."""

    matters: int
    joined: int
    largest: list[tuple[str, int]]


@dataclass(frozen=True)
class TryOut:
    """The newest cases, from `since` on, grouped by the rule in force and by the one that is tried."""

    cases: int
    since: datetime | None
    present: Outcome
    tried: Outcome


def try_out(limits: Limits, now: datetime) -> TryOut:
    """Group the newest cases of the last 30 days, at most MOST, by both rules (index: case_newest). Writes nothing."""
    lately = reading.complaints().filter(accepted_at__gt=now - timedelta(days=TRY_DAYS), accepted_at__lte=now)
    newest = list(lately.order_by("-accepted_at", "-pk").values_list("pk", flat=True)[:MOST])
    learned = reading.weights() or Weights(0, {})
    said = list(reading.said_of(lately.filter(pk__in=newest).order_by("accepted_at", "pk"), learned))
    present = grouped(said, reading.limits_of(reading.rule()))
    return TryOut(len(said), said[0].told.at if said else None, present, grouped(said, limits))


def grouped(said: Sequence[Said], limits: Limits) -> Outcome:
    """Cases in the order of their arrival as these limits group them. Pure."""
    pool, by_id = Pool(limits, [], {}), {one.told.case_id: one for one in said}
    groups: dict[int, list[Said]] = defaultdict(list)
    for one in said:
        for member in pool.take(one.told):
            groups[member.key].append(by_id[member.told.case_id])
    largest = sorted(groups.values(), key=lambda group: (-len(group), group[0].told.case_id))[:SHOWN]
    return Outcome(len(groups), sum(map(len, groups.values())), [(title_of(group), len(group)) for group in largest])
