"""热词: words of the newest cases of a period that are said much more often than in the period before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from django.db import connection
from django.utils import timezone

from qushu.cases.queries import visible_cases
from qushu.cases.rules import SHANGHAI
from qushu.people.access import Actor

from .empty_words import says_something
from .periods import Periods, Span

SAMPLE = 2_000
LEAST = 8
"""So many people must have said a word: what only a few said may name somebody."""
MOST = 24


@dataclass(frozen=True)
class HotWord:
    """A word, in how many of the sampled cases it stands, and in what share of a thousand it did before."""

    word: str
    cases: int
    per_thousand: float
    before: float


def hot_words(actor: Actor, action: str, periods: Periods) -> list[HotWord]:
    """The words that have grown most, by the newest SAMPLE cases of each period that the actor sees (index: case_newest).

    Of one telephone number's cases one is read: who calls again and again makes no word hot, least of all somebody's name.
    """
    sizes, counts = zip(*(_counted(actor, action, span) for span in (periods.present, periods.former)), strict=True)
    if not sizes[0]:
        return []
    found = []
    for word, number in counts[0].items():
        share, before = 1000 * number / sizes[0], 1000 * counts[1].get(word, 0) / max(1, sizes[1])
        if number >= LEAST and share > before:
            found.append(HotWord(word, number, round(share, 1), round(before, 1)))
    found.sort(key=lambda one: -(one.per_thousand - one.before) / (one.before + 1000 / sizes[0]) ** 0.5)
    told = (one for one in found if says_something(one.word) and not is_part(one.word, counts[0]))
    return list(islice(told, MOST))


def is_part(word: str, cases: Mapping[str, int]) -> bool:
    """Whether most cases with the word say a longer one that holds it: 未成年 is told as 未成年人. `cases`: by word."""
    most = cases[word] / 2
    return any(number > most and word in other and word != other for other, number in cases.items())


def _counted(actor: Actor, action: str, span: Span) -> tuple[int, dict[str, int]]:
    """How many cases were read, and in how many of them each word of two or more Chinese characters stands."""
    start, end = (_begin(span[0]), _begin(span[1] + timedelta(days=1)))
    cases = visible_cases(actor, action).filter(accepted_at__gte=start, accepted_at__lt=end)
    newest = cases.order_by("-accepted_at", "-id").values_list("pk", "caller_index")[:SAMPLE]
    ids = list({bytes(caller) if caller else pk: pk for pk, caller in newest}.values())
    if not ids:
        return 0, {}
    listed = ",".join(str(one) for one in ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, ndoc FROM ts_stat(%s) WHERE length(word) BETWEEN 2 AND 8 AND word ~ '^[一-鿿]+$' AND ndoc >= 2",
            [f"SELECT words FROM cases_statement WHERE case_id IN ({listed})"],
        )
        return len(ids), dict(cursor.fetchall())


def _begin(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), SHANGHAI)  # type: ignore[arg-type]
