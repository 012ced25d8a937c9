"""Many cases joined in the order of their arrival, in memory: lone cases of the last weeks and the matters so far.

Bounded: what is older than the limit is forgotten; a case is compared with those only that share a rare word with it.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from .joining import (
    CANDIDATES,
    LONGEST_LIST,
    Body,
    Joined,
    Limits,
    Told,
    best_matter,
    body_of,
    gather,
    keys_of,
    keys_of_matter,
    reason_of,
)

FORGET_EVERY = 5_000


@dataclass(frozen=True, slots=True)
class Member:
    """A case that came into a matter."""

    told: Told
    key: int
    score: float
    reason: str


class Pool:
    """Lone cases and matters. `ready` are matters that exist already; `banned` what people decided, by case."""

    def __init__(self, limits: Limits, ready: list[Body], banned: Mapping[int, frozenset[int]]) -> None:
        self.limits = limits
        self.matters = {body.key: body for body in ready}
        self._banned = banned
        self._alone: dict[int, Told] = {}
        self._alone_by: defaultdict[int, deque[int]] = defaultdict(deque)
        self._matters_by: defaultdict[int, set[int]] = defaultdict(set)
        self._next = min([0, *self.matters]) - 1
        self._since_forgetting = 0
        for body in ready:
            self._list(body)

    def take(self, told: Told) -> list[Member]:
        """Let a case in: what joined by it. Empty: it stands alone for now."""
        self._since_forgetting += 1
        if self._since_forgetting >= FORGET_EVERY:
            self._forget(told.at)
        joined = best_matter(told, self._near_matters(told), self.limits, self._banned.get(told.case_id, frozenset()))
        if joined:
            return [self._join(told, joined)]
        members = gather(told, self._near_alone(told), self.limits)
        if members:
            return self._found(members)
        self._alone[told.case_id] = told
        for key in keys_of(told):
            self._alone_by[key].append(told.case_id)
        return []

    @property
    def alone(self) -> list[Told]:
        """The cases that stand alone and are not forgotten."""
        return list(self._alone.values())

    def _join(self, told: Told, joined: Joined) -> Member:
        joined.body.add(told)
        self._list(joined.body)
        return Member(told, joined.body.key, joined.score, joined.reason)

    def _found(self, members: list[Told]) -> list[Member]:
        body = body_of(self._next, members)
        self._next -= 1
        self.matters[body.key] = body
        self._list(body)
        for told in members:
            self._alone.pop(told.case_id, None)
        return [founded(told, body) for told in members]

    def _list(self, body: Body) -> None:
        for key in keys_of_matter(body):
            self._matters_by[key].add(body.key)

    def _near_matters(self, told: Told) -> list[Body]:
        shared: Counter[int] = Counter()
        for key in keys_of(told):
            shared.update(self._matters_by.get(key, ()))
        return [self.matters[key] for key, _ in shared.most_common(CANDIDATES)]

    def _near_alone(self, told: Told) -> list[Told]:
        shared: Counter[int] = Counter()
        for key in keys_of(told):
            found = self._alone_by.get(key)
            if found:
                shared.update(islice(reversed(found), LONGEST_LIST))
        near = (self._alone.get(case_id) for case_id, n in shared.most_common(CANDIDATES) if n > 1)
        return [other for other in near if other is not None]

    def _forget(self, now: datetime) -> None:
        self._since_forgetting = 0
        oldest = now - self.limits.span
        self._alone = {case_id: told for case_id, told in self._alone.items() if told.at >= oldest}
        lists = {key: deque(one for one in found if one in self._alone) for key, found in self._alone_by.items()}
        self._alone_by = defaultdict(deque, {key: found for key, found in lists.items() if found})
        for where, keys in list(self._matters_by.items()):
            self._matters_by[where] = {key for key in keys if self.matters[key].last >= oldest}


def founded(told: Told, body: Body) -> Member:
    """A case with which a matter began, compared with the others that did."""
    others = {word: weight - told.vector.get(word, 0.0) for word, weight in body.sums.items()}
    value = sum(weight * others.get(word, 0.0) for word, weight in told.vector.items()) / max(1, body.count - 1)
    return Member(told, body.key, round(value, 3), reason_of(told, body))
