"""The life of one case, step by step as people would have made it, broken off at the end of the period.

Every step happens at a time; the first that would lie after `cut` ends the telling, so the newest cases are caught in
every state. Probabilities are those of a well-run centre: about 96 % on time, 90 % satisfied, 4 % returned, 5 %
extended, 2 % reopened.
"""

from contextlib import suppress
from typing import Any

from .story import CITIZEN, SUGGESTED_BY, SYSTEM, Call, CaseStory, Part, Step
from .telling import MINUTE, NotYet
from .words import answer_to, pieces
from .work import Work
from .world import Staff

TRIES = 3
SUGGESTED_RIGHT = 0.92
REOPENED = 0.17
DISPATCHED_LATE = 0.003
DAY_MINUTES = 24 * 60
UNIT_CLOCKS = ("acknowledge", "contact", "resolve")
PARENT_ENDS = ("resolve", "void", "decline", "answer", "merge")


class Life(Work):
    """Tells one case from the call to its end."""

    def tell(self) -> CaseStory:
        """The story up to the end of the period."""
        with suppress(NotYet):
            self._live()
        return self.story

    # — the course of things —

    def _live(self) -> None:
        now = self._accept()
        draw = self.rng.random()
        if self.story.kind == "consultation" and draw < 0.45 and self.core.planted is None:
            return self._answer_at_once(now)
        if draw > 0.992 and self.core.planted is None:
            return self._decline(now)
        now = self._register(now)
        if self.rng.random() < 0.0015:
            return self._void(now)
        if self._merge(now):
            return None
        now = self._dispatch(now, self.responsible())
        now = self._return_first(now)
        self._handle(now)
        return None

    def _accept(self) -> int:
        at, channel = self.core.moment, self.core.channel
        staffed = channel in ("12345", "mayor_line")
        fed = SYSTEM if channel in ("city_platform", "digital_city") else CITIZEN
        who = self.turn(self.world.agents, at) if staffed else fed
        self.story.accepted_by = who
        self.step("accept", "accepted", at, who, {"channel": channel})
        self.start("dispatch", at, None)
        return at

    def _register(self, now: int) -> int:
        wait = self.rng.randint(2, 9) * MINUTE if self.story.accepted_by.id else self._read(now)
        at = now + wait
        record = {
            "category": self.leaf.id,
            "area": self.world.communities[self.core.community].id,
            "kind": self.story.kind,
            "urgency": self.story.urgency,
        }
        self.step("register", "registered", at, self.turn(self.world.agents, at), record)
        self.story.times["registered"] = at
        return at

    def _read(self, now: int) -> int:
        """Seconds until somebody reads what came in writing; urgent things are read at night, too."""
        urgent = self.story.urgency in ("urgent", "utilities")
        return self.rng.randint(3, 15) * MINUTE if urgent else self.desk_wait(now, 18)

    def _answer_at_once(self, now: int) -> None:
        at = now + self.rng.randint(2, 12) * MINUTE if self.story.accepted_by.id else now + self._read(now)
        who = self.story.accepted_by if self.story.accepted_by.id else self.turn(self.world.agents, at)
        answer = answer_to(self.rng, self.leaf, self.story.kind, "explained", "坐席")
        self.step("answer", "answered", at, who, {"answer": answer, "knowledge": None})
        self.stop("dispatch", at, called_off=True)
        self.story.answer, self.story.result = answer, "explained"
        self.story.times["resolved"] = at
        self.step("close", "closed", at, who, {"ground": "直接答复"})
        self.story.times["closed"] = at

    def _decline(self, now: int) -> None:
        reason = self.reason("decline")
        at = now + self.rng.randint(3, 40) * MINUTE
        record = {"reason": reason.name, "basis": reason.basis, "way": reason.way, "words": ""}
        self.step("decline", "declined", at, self.turn(self.world.agents, at), record)
        self.stop("dispatch", at, called_off=True)
        self.story.times["closed"] = at

    def _void(self, now: int) -> None:
        reason = self.reason("void")
        at = now + self.rng.randint(10, 90) * MINUTE
        self.step("void", "void", at, self.turn(self.world.supervisors, at), {"reason": reason.name, "words": ""})
        self.stop("dispatch", at, called_off=True)
        self.story.times["closed"] = at

    def _merge(self, now: int) -> bool:
        """Calls about a planted thing after its first are sometimes merged into the first one, while that is in hand.

        The parent's answer answers them too; each citizen is called back.
        """
        if self.core.planted is None or self.core.planted[1] == 0 or self.rng.random() > 0.25:
            return False
        first = self.district.first_call_of(self.core)
        if first is None:
            return False
        parent = Life(self.district, self.deadlines, self.cut, self.district.core(first)).tell()
        at = now + self.rng.randint(5, 120) * MINUTE
        ended = next((step for step in parent.steps if step.move in PARENT_ENDS), None)
        if ended is not None and ended.at <= at:
            return False
        self.step("merge", "merged", at, self.turn(self.world.dispatchers, at), {"parent": parent.number})
        self.stop("dispatch", at, called_off=True)
        self.story.parent = parent.id
        if ended is not None and ended.move == "resolve":
            self._take_answer(ended, parent)
        return True

    def _take_answer(self, resolved: Step, parent: CaseStory) -> None:
        record = {"answer": resolved.record["answer"], "result": resolved.record["result"], "parent": parent.number}
        self.step("take_answer", "resolved", resolved.at, resolved.actor, record, resolved.unit)
        self.story.lead_unit = resolved.unit
        self.story.answer, self.story.result = record["answer"], record["result"]
        self.story.times["resolved"] = resolved.at
        self.start("follow_up", resolved.at, resolved.unit)
        self._follow_up(resolved.at)

    def _dispatch(self, now: int, lead: int) -> int:
        rule = self.rule("dispatch")
        wait = self.desk_wait(now, 24 if rule.amount < DAY_MINUTES else 21)
        late = self.rng.random() < DISPATCHED_LATE
        at = now + (int(rule.amount * MINUTE * 1.1) if late else min(wait, int(rule.amount * MINUTE * 0.6)))
        who = self.turn(self.world.dispatchers, at)
        instruction = self.rng.choice(pieces()["instruction"]["any"])
        assisting = [unit for unit in self.leaf.assisting if unit != lead] if self.rng.random() < 0.35 else []
        right = self.rng.random() < SUGGESTED_RIGHT
        suggested, score = (lead, 0.9) if right else (self.other_unit(lead), 0.4)
        record = {
            "lead_unit": lead,
            "assisting": assisting,
            "instruction": instruction,
            "suggestion": {"unit": suggested, "model": SUGGESTED_BY, "taken": right},
        }
        self.step("dispatch", "dispatched", at, who, record)
        self.stop("dispatch", at)
        self.story.times["dispatched"] = at
        self.story.lead_unit = lead
        for unit in (lead, *assisting):
            self.story.parts.append(Part(unit, unit == lead, instruction, who, at, suggested, score))
        for clock in UNIT_CLOCKS:
            self.start(clock, at, lead)
        return at

    def _return_first(self, now: int) -> int:
        """Sometimes the unit asks to return the case before it takes it."""
        if self.rng.random() > 0.055:
            return now
        unit, before = self.unit(), self.story.state
        at = self.deadlines.at_work(now + self.rng.randint(20, 200) * MINUTE)
        other = self.other_unit(unit)
        asked = self.ask("return", at, "return_asked", suggested_unit=other)
        asked.suggested = other
        decided = self.decided_at(at)
        approved = self.rng.random() < 0.75
        self.decide(asked, decided, approved)
        if not approved:
            self.step("refuse_return", before, decided, asked.decided_by or SYSTEM, {"remark": asked.remark})
            return decided
        self.story.counts["return"] += 1
        self.step("approve_return", "registered", decided, asked.decided_by or SYSTEM, {"remark": asked.remark})
        for part in self.story.parts:
            part.ended, part.returned = decided, part.unit == unit
        for clock in UNIT_CLOCKS:
            self.stop(clock, decided, called_off=True)
        self.story.lead_unit = None
        self.start("dispatch", decided, None)
        return self._dispatch(decided, other)

    def _handle(self, now: int) -> None:
        """Acknowledge, contact, sometimes ask for time or shelve, resolve; then the follow-up."""
        now = self.acknowledge(now)
        now = self.contact(now)
        now = self.ask_time(now)
        now = self.shelve(now)
        now = self.resolve(now)
        self._follow_up(now)

    def _follow_up(self, now: int) -> None:
        at = self.daytime(self.before(now, self.clock("follow_up").due, 0.3))
        for attempt in range(1, TRIES + 1):
            who = self.turn(self.world.callers_back, at)
            if self.rng.random() < 0.72:
                return self._reached(at, who)
            self.step("try_call", "resolved", at, who, {"reached": False, "attempt": attempt, "words": ""})
            self.story.calls.append(Call(at, who, False))
            self.story.counts["call"] = attempt
            if attempt < TRIES:
                at = self.daytime(at + self.rng.randint(40, 300) * MINUTE)
        record = {"reached": False, "solved": None, "satisfaction": None, "words": ""}
        self._followed_up(at, who, record)
        return self._close(at, who, f"{TRIES} 次未联系上")

    def _reached(self, at: int, who: Staff) -> None:
        self.within(at)
        call = self._judged(at, who)
        record = {"reached": True, "solved": call.solved, "satisfaction": call.satisfaction, "words": call.words}
        self._followed_up(at, who, record)
        self.story.calls.append(call)
        self.story.solved, self.story.satisfaction = call.solved, call.satisfaction
        may_reopen = not call.solved and not self.story.counts["reopen"] and self.story.parent is None
        if may_reopen and self.rng.random() < REOPENED:
            return self._reopen(at + 5 * MINUTE, who)
        return self._close(at + 10 * MINUTE, who, "回访完成")

    def _followed_up(self, at: int, who: Staff, record: dict[str, Any]) -> None:
        self.step("follow_up", "followed_up", at, who, record)
        self.stop("follow_up", at)
        self.story.times["followed_up"] = at

    def _close(self, at: int, who: Staff, ground: str) -> None:
        self.step("close", "closed", at, who, {"ground": ground})
        self.story.times["closed"] = at
        for part in self.story.parts:
            part.ended = part.ended or at

    def _reopen(self, at: int, who: Staff) -> None:
        reason = self.reason("reopen")
        self.step("reopen", "reopened", at, who, {"reason": reason.name, "words": "", "times": 1})
        self.story.counts |= {"reopen": 1, "call": 0}
        for name in ("acknowledged", "resolved", "followed_up"):
            self.story.times.pop(name, None)
        self.story.solved = self.story.satisfaction = None
        for clock in UNIT_CLOCKS:
            self.start(clock, at, self.unit())
        self._handle(at)

    def _judged(self, at: int, who: Staff) -> Call:
        good = 0.975 - 0.05 * (self.slowness() - 1)
        late = any(clock.name == "resolve" and clock.met is False for clock in self.story.clocks)
        solved = self.rng.random() < (0.9 if self.story.result in ("solved", "explained") else 0.45)
        draw = self.rng.random() * (1.25 if late else 1.0) * (1.0 if solved else 2.2)
        if draw < good:
            grade, words = (5 if self.rng.random() < 0.62 else 4), "good"
        elif draw < good + 0.3:
            grade, words = 3, "fair"
        else:
            grade, words = (2 if self.rng.random() < 0.6 else 1), "bad"
        if draw >= good and not solved and self.rng.random() < 0.6:
            grade, words = 2, "bad"
        return Call(at, who, True, solved, grade, self.rng.choice(pieces()["follow"][words]))
