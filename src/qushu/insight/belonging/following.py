"""追问: which earlier case a case asks about. Pure: for any cases, with or without callers and addresses.

A number that is quoted decides. Without one it is the earlier case whose words are most alike; the same caller and the
same address count for it. A title in 《》 says what the earlier case was called, so it weighs as a title does.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .weighing import Vector, Weights, cosine, shared_words

QUOTED: Final = 2.0
SAME_CALLER: Final = 0.3
SAME_ADDRESS: Final = 0.1
ASKS_ITSELF: Final = -0.5
"""An earlier case that asks about an order is seldom the order that is asked about: both ask about a third."""
LEAST: Final = 0.1
"""Likeness of words from which a case can be asked about at all when no number is quoted."""
COMPARED: Final = 100
_LONGEST_LIST: Final = 2_000
_NUMBER: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{4,}")
_ASKS: Final = re.compile(r"(?:工单|单号)[^《]{0,20}《")
_TITLE: Final = re.compile(r"《([^》]{4,120})》")


@dataclass(frozen=True)
class Call:
    """A case as it is compared. `at` sorts by time; `caller` (a keyed index, never a number) and `address` or ""."""

    number: str
    at: str
    text: str
    caller: str = ""
    address: str = ""


@dataclass(frozen=True)
class Asked:
    """An earlier case that may be asked about: how much speaks for it, and what, in words."""

    number: str
    score: float
    reason: str


class Earlier:
    """All cases, found by number, caller and words."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = list(calls)
        weights = Weights.learn((title_in(call.text), call.text) for call in self._calls)
        self._vectors = [vector_of(call, weights) for call in self._calls]
        self._by_number = {call.number.upper(): place for place, call in enumerate(self._calls)}
        self._by_caller: defaultdict[str, list[int]] = defaultdict(list)
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for place, call in enumerate(self._calls):
            if call.caller:
                self._by_caller[call.caller].append(place)
            for word in self._vectors[place]:
                self._by_word[word].append(place)

    def asked_about(self, number: str, most: int = 3) -> list[Asked]:
        """The likeliest earlier cases for the case of this number, the likeliest first. Raises KeyError."""
        place = self._by_number[number.upper()]
        call, vector = self._calls[place], self._vectors[place]
        quoted = {self._by_number[one] for one in numbers_in(call.text) if one in self._by_number}
        near = quoted | set(self._by_caller.get(call.caller, ())) | self._alike(vector)
        earlier = [other for other in near if self._is_earlier(other, place)]
        return likeliest(weighed(call, vector, self._calls[one], self._vectors[one]) for one in earlier)[:most]

    def _is_earlier(self, other: int, place: int) -> bool:
        """Earlier in time; where days are all that is known, another of the same day may be the earlier one too."""
        return other != place and self._calls[other].at <= self._calls[place].at

    def _alike(self, vector: Vector) -> set[int]:
        """The COMPARED cases that share the most weight, by words that not too many use."""
        sums: defaultdict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            places = self._by_word[word]
            if len(places) <= _LONGEST_LIST:
                for place in places:
                    sums[place] += weight * self._vectors[place][word]
        return set(heapq.nlargest(COMPARED, sums, key=lambda place: (sums[place], -place)))


def weighed(call: Call, vector: Vector, other: Call, its_vector: Vector) -> Asked | None:
    """How much speaks for it that `call` asks about the earlier `other`; None when hardly anything does.

    The vectors are those of `vector_of`. Where the other's number is quoted, nothing else is needed.
    """
    quoted = other.number.upper() in numbers_in(call.text)
    alike = cosine(vector, its_vector)
    if not quoted and alike < LEAST:
        return None
    same_caller = bool(call.caller) and call.caller == other.caller
    same_address = bool(call.address) and call.address == other.address
    score = alike + QUOTED * quoted + SAME_CALLER * same_caller + SAME_ADDRESS * same_address
    score += ASKS_ITSELF * (not quoted and _ASKS.search(other.text) is not None)
    told = ["提到了它的编号"] * quoted + ["同一号码"] * same_caller + ["同一地址"] * same_address
    words = "、".join(f"“{word}”" for word in shared_words(vector, its_vector))
    return Asked(other.number, round(score, 4), "，".join([*told, *([f"都提到{words}"] if words else [])]))


def vector_of(call: Call, weights: Weights) -> Vector:
    """What a call's words weigh; a title that it quotes counts as a title."""
    return weights.vector(title_in(call.text), call.text)


def likeliest(found: Iterable[Asked | None]) -> list[Asked]:
    """The earlier cases for which anything speaks, the likeliest first."""
    return sorted((one for one in found if one), key=lambda one: (-one.score, one.number))


def numbers_in(text: str) -> list[str]:
    """What may be case numbers in a text, each once, in capitals: runs of five and more letters, digits and hyphens."""
    return list(dict.fromkeys(_NUMBER.findall(text.upper())))


def title_in(text: str) -> str:
    """The titles that a text quotes in 《》; "" when it quotes none."""
    return " ".join(_TITLE.findall(text))
