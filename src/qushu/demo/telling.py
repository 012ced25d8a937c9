"""The means with which a case's life is told: steps, clocks, requests, who is on duty, how long things take."""

import random
from datetime import UTC, datetime
from functools import cache
from typing import Any

from qushu.hotline.marking import marks_of

from .deadlines import DAY, Deadlines, day_start
from .draw import Core, District
from .plan import HOUR, hour_of
from .story import Asked, CaseStory, Running, Step
from .words import Words, compose, number_of, pieces
from .world import Ground, Leaf, Rule, Staff

MINUTE = 60
REVIEW_MINUTES = 240
GROUP_FROM = 5
CALM_KINDS = ("consultation", "suggestion", "praise")
ASKS = {"return": "ask_return", "extension": "ask_extension", "shelve": "ask_shelving"}


class NotYet(Exception):
    """The next step lies after the end of the period."""


def iso(moment: int) -> str:
    """A moment as a history's record holds it."""
    return datetime.fromtimestamp(moment, UTC).isoformat()


@cache
def _slowness(seed: int) -> float:
    return float(0.3 + 1.9 * random.Random(seed).random() ** 1.4)


class Telling:
    """A case being told. `cut` is the end of the period in seconds since 1970."""

    def __init__(self, district: District, deadlines: Deadlines, cut: int, core: Core) -> None:
        self.district, self.world, self.deadlines, self.cut, self.core = district, district.world, deadlines, cut, core
        self.rng: random.Random = core.rng
        self.leaf: Leaf = district.world.leaves[core.leaf]
        words = compose(district, core)
        marks = self._marks(words)
        self.story = CaseStory(
            id=district.first_id + core.index,
            number=number_of(district, core),
            core=core,
            words=words,
            kind=core.kind,
            urgency="urgent" if "urgent" in marks else self._urgency(),
            marks=marks,
        )

    def step(
        self, move: str, after: str, at: int, actor: Staff, record: dict[str, Any], unit: int | None = None
    ) -> None:
        """One move; raises NotYet when it lies after the end of the period."""
        self.within(at)
        self.story.steps.append(Step(move, self.story.state, after, at, actor, unit, record))
        self.story.state = after

    def within(self, at: int) -> None:
        """Raises NotYet when this moment lies after the end of the period."""
        if at > self.cut:
            raise NotYet

    # — clocks —

    def start(self, name: str, at: int, unit: int | None) -> None:
        """Start a clock by the rule for this case's urgency and kind."""
        rule = self.rule(name)
        due = self.deadlines.due(at, rule.amount, rule.measure)
        self.story.clocks.append(Running(name, self.story.counts["reopen"] + 1, rule, unit, at, due))

    def stop(self, name: str, at: int, called_off: bool = False) -> None:
        """Stop the running clock of this name; called off, it is neither met nor missed."""
        clock = self.clock(name)
        clock.stopped = at
        clock.met = None if called_off else at <= clock.due

    def clock(self, name: str) -> Running:
        """The newest clock of this name."""
        return next(clock for clock in reversed(self.story.clocks) if clock.name == name)

    def rule(self, name: str) -> Rule:
        """The rule in force for a clock of this case."""
        rules, urgency = self.world.rules, self.story.urgency
        return rules.get((name, urgency, self.story.kind)) or rules[name, urgency, ""]

    # — requests and their reviews —

    def ask(self, kind: str, at: int, after: str, **more: Any) -> Asked:
        """A unit asks for something; the review is due within four working hours (RULES §2)."""
        unit = self.unit()
        who = self.world.handlers[unit]
        words = self.rng.choice(pieces()["ask"][kind])
        reason = self.reason(kind)
        said = {} if kind == "shelve" else {"words": words}
        self.step(ASKS[kind], after, at, who, {"reason": reason.name} | said | more, unit)
        due = self.deadlines.due(at, REVIEW_MINUTES, "working_minutes")
        asked = Asked(kind, unit, who, at, reason, words, due)
        self.story.asked.append(asked)
        return asked

    def decide(self, asked: Asked, at: int, approved: bool) -> Staff:
        """A supervisor decides; who it was."""
        self.within(at)
        asked.decided, asked.approved = at, approved
        asked.decided_by = self.turn(self.world.supervisors, at)
        asked.remark = self.rng.choice(pieces()["ask"]["approve" if approved else "refuse"])
        return asked.decided_by

    def reason(self, move: str) -> Ground:
        """A ground from the list of this move."""
        return self.rng.choice(self.world.reasons[move])

    # — who, and how long it takes —

    def unit(self) -> int:
        """The lead unit."""
        assert self.story.lead_unit is not None
        return self.story.lead_unit

    def responsible(self) -> int:
        """The unit that the dispatch catalogue names: the leaf's own, or the street's office."""
        community = self.world.communities[self.core.community]
        return self.leaf.lead_unit or self.world.streets[community.street].office

    def other_unit(self, unit: int) -> int:
        """Whom a returned case goes to."""
        community = self.world.communities[self.core.community]
        office = self.world.streets[community.street].office
        others = [other for other in (*self.leaf.assisting, office, self.world.units["cgj"]) if other != unit]
        return others[0] if self.rng.random() < 0.7 else self.rng.choice(others)

    def turn(self, staff: tuple[Staff, ...], at: int) -> Staff:
        """Somebody of the shift that is on at this moment."""
        shift = at // (8 * HOUR)
        return staff[(shift * 5 + int(self.rng.random() * 4)) % len(staff)]

    def slowness(self) -> float:
        """How slow the lead unit is, 0.3–2.2 with a mean near 1; the same for a unit always."""
        return _slowness(self.unit() * 97 + self.district.seed)

    def desk_wait(self, at: int, until_hour: int) -> int:
        """Seconds until the desk gets to it: minutes by day; what comes after `until_hour` waits for the morning."""
        hour = hour_of(at)
        if hour >= until_hour or hour < 7:
            morning = day_start(at) + (DAY if hour >= until_hour else 0) + 7 * HOUR
            return morning - at + self.rng.randint(30, 110) * MINUTE
        mean = 14 if 8 <= hour < 18 else 35
        return int((1 + self.rng.expovariate(1 / mean)) * MINUTE)

    def before(self, start: int, due: int, share: float) -> int:
        """A moment before `due`, when about `share` of the time is used: at work if the clock runs in working time."""
        span = due - start
        at = start + int(span * min(0.97, share * self.rng.uniform(0.4, 1.6)))
        if span > 3 * HOUR:
            at = self.deadlines.at_work(at)
        return at if at < due else due - min(span // 3, self.rng.randint(2, 40) * MINUTE)

    def on_duty(self, start: int, due: int, mean: int) -> int:
        """When a unit's duty desk gets to it, in about `mean` minutes: from eight to nine in the evening, every day."""
        at = start + int(self.rng.expovariate(1 / mean) + 2) * MINUTE
        hour = hour_of(at)
        if due - start > 3 * HOUR and (hour >= 21 or hour < 8):
            at = day_start(at) + (DAY if hour >= 21 else 0) + 8 * HOUR + self.rng.randint(5, 90) * MINUTE
        if at <= due or due <= start:
            return at
        return due - min((due - start) // 4, self.rng.randint(1, 30) * MINUTE)

    def decided_at(self, asked: int) -> int:
        """When a request is decided: within the four working hours that are given."""
        return self.deadlines.due(asked, self.rng.randint(15, REVIEW_MINUTES - 5), "working_minutes")

    def daytime(self, at: int) -> int:
        """Citizens are called between nine and twenty o'clock."""
        hour = hour_of(at)
        if 9 <= hour < 20:
            return at
        day = day_start(at) + (DAY if hour >= 20 else 0)
        return day + 9 * HOUR + self.rng.randint(0, 150) * MINUTE

    def drawn(self, shares: tuple[tuple[str, float], ...]) -> str:
        """One of the names by its share."""
        draw = self.rng.random()
        for name, share in shares:
            draw -= share
            if draw < 0:
                return name
        return shares[-1][0]

    def _urgency(self) -> str:
        calm = self.core.kind in CALM_KINDS and self.leaf.urgency != "hard"
        return "general" if calm else self.leaf.urgency

    def _marks(self, words: Words) -> tuple[str, ...]:
        """What the desk's words mark, and groups of five and more about one planted thing."""
        marks = set(marks_of(words.text, self.world.marking))
        if self.core.kind in CALM_KINDS or self.core.again is not None:
            marks.discard("urgent")
        elif self.leaf.urgency == "urgent":
            marks.add("urgent")
        if self.core.planted is not None and self.core.planted[1] >= GROUP_FROM - 1:
            marks.add("group")
        return tuple(sorted(marks))
