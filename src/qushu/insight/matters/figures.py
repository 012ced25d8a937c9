"""What a matter shows of itself, counted from its members. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from qushu.insight.belonging.weighing import cosine, heaviest
from qushu.insight.understanding.gist import gist_of
from qushu.insight.understanding.safety import Word, dangers_in
from qushu.kernel.personal import mask_free_text

from .joining import MOST_WORDS, SOUGHT_BY, Body, Told, body_of
from .wording import same_words

WEEK: Final = timedelta(days=7)
READ: Final = 150
"""Texts that are read for threats and wording: the newest."""
THREATS: Final = ("crowd", "suicide", "violence")
"""Kinds of the table of danger words that are threats in a matter of many."""
_TAILS: Final = ("多人反映", "有关问题", "问题")
LONGEST_TITLE: Final = 120
UNNAMED: Final = "未命名事项"
TELLING_CLAUSE: Final = 8
"""Characters from which the first clause of a long title says enough."""


@dataclass(frozen=True, slots=True)
class Said:
    """A member with what is read of it, beside what is compared. `title`: "" when nobody typed one; `sealed`: who called
    stays unsaid (保密)."""

    told: Told
    title: str
    text: str
    unit_id: int | None
    sealed: bool = False


def figures_of(members: Sequence[Said], table: Mapping[str, Word], organised: int, now: datetime) -> dict[str, Any]:
    """The columns of a matter from its members, of which there is at least one; `now` decides what is growth."""
    by_time = sorted(members, key=lambda one: one.told.at)
    body = body_of(0, [one.told for one in by_time])
    newest = by_time[-READ:]
    recent = sum(one.told.at > now - WEEK for one in members)
    before = sum(now - 2 * WEEK < one.told.at <= now - WEEK for one in members)
    numbers = [one.told.person for one in newest]
    return {
        "first_at": by_time[0].told.at,
        "last_at": by_time[-1].told.at,
        "people": len({one.told.person for one in members} - {None}),
        "cases": len(members),
        "recent": recent,
        "growth": recent - before,
        "street_id": _commonest([one.told.street_id for one in members]),
        "streets": sorted({one.told.street_id for one in members if one.told.street_id}),
        "areas": sorted({one.told.area_id for one in members if one.told.area_id}),
        "spots": sorted(body.spots),
        "category_id": _commonest([one.told.category_id for one in members]),
        "lead_unit_id": _commonest([one.unit_id for one in members]),
        "keywords": body.keywords,
        "sums": {word: round(weight, 4) for word, weight in heaviest(body.sums, MOST_WORDS).items()},
        "threats": threats_in([one.text for one in newest], table),
        "organised": bool(same_words([one.text for one in newest], numbers, organised)),
    }


def title_of(members: Sequence[Said]) -> str:
    """A title that a leader can read: that of the member most like the others (or its matter, where it has none), masked,
    without what titles end in.

    Never that of a sealed one: reports carry titles to people who may not see the case.
    """
    body: Body = body_of(0, [one.told for one in members])
    told = [one for one in members if not one.sealed]
    if not told:
        return UNNAMED
    middle = max(told, key=lambda one: (cosine(one.told.vector, body.sums), bool(one.title), -len(one.title)))
    shown = mask_free_text(middle.title.strip()) or gist_of(middle.text).matter
    title = shown
    for tail in _TAILS:
        title = title.removesuffix(tail)
    first = title.split("，")[0]
    title = first if len(first) >= TELLING_CLAUSE else title
    return (title.removeprefix("反映") or shown or UNNAMED)[:LONGEST_TITLE]


def threats_in(texts: Sequence[str], table: Mapping[str, Word]) -> list[str]:
    """The words of threat that occur, those that most texts use first; one that is denied doesn't count."""
    counts = Counter(one.word for text in texts for one in dangers_in(text, table) if one.kind in THREATS)
    return [word for word, _ in counts.most_common(SOUGHT_BY)]


def _commonest(values: Sequence[int | None]) -> int | None:
    known = Counter(value for value in values if value is not None)
    return min(known, key=lambda value: (-known[value], value)) if known else None
