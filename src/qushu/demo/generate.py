"""Generates the district's cases: pure, lazy, the same for a seed whatever the number of processes.

`generate` streams stories; `told` makes those of any range of indices, so that chunks can be shared out.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from .deadlines import Deadlines
from .draw import District
from .life import Life
from .plan import epoch
from .story import CaseStory
from .world import World

MARGIN = timedelta(days=400)


def generate(seed: int, cases: int, start: date, end: date, world: World) -> Iterator[CaseStory]:
    """The stories of `cases` cases accepted from `start` to `end` (both included), in order of time, one at a time."""
    yield from told(District(seed, cases, start, end, world), range(cases))


def told(district: District, indices: range) -> Iterator[CaseStory]:
    """The stories of these cases of the district."""
    deadlines, cut = deadlines_of(district), cut_of(district)
    for index in indices:
        yield Life(district, deadlines, cut, district.core(index)).tell()


def deadlines_of(district: District) -> Deadlines:
    """The working days that the district's cases can meet."""
    return Deadlines.between(district.start - timedelta(days=20), district.end + MARGIN, district.world.days)


def cut_of(district: District) -> int:
    """The last second of the period: nothing is told that lies after it."""
    return epoch(district.end + timedelta(days=1)) - 1
