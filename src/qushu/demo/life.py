"""The life of one case, step by step as people would have made it, broken off at the end of the period.

Every step happens at a time; the first that would lie after `cut` ends the telling, so the newest cases are caught in
every state. Probabilities are those of a well-run centre: about 96 % on time, 90 % satisfied, 4 % returned, 5 %
extended, 2 % reopened.
"""

from contextlib import suppress
from typing import Any

from .story import CITIZEN, SYSTEM, Call, CaseStory, Part
from .telling import MINUTE, NotYet
from .words import pieces
from .work import Work
from .world import Staff


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
        first = self.merged_into()
        if first is not None:
            return self._merge(now, first)
        now = self._dispatch(now, self.responsible())
        now = self._return_first(now)
        self._handle(now)
        return None

    def _accept(self) -> int:
        at, channel = self.core.moment, self.core.channel
        staffed = channel in ("12345", "mayor_line")
        who = (
            self.turn(self.world.agents, at)
            if staffed
            else (SYSTEM if channel in ("city_platform", "digital_city") else CITIZEN)
        )
        self.story.accepted_by = who
        self.step("accept", "accepted", at, who, {"channel": channel})
        self.start("dispatch", at, None)
        return at

    def _register(self, now: int) -> int:
        wait = self.rng.randint(2, 9) * MINUTE if self.story.accepted_by.id else self.desk_wait(now)
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

    def _answer_at_once(self, now: int) -> None:
        at = now + self.rng.randint(2, 12) * MINUTE if self.story.accepted_by.id else now + self.desk_wait(now)
        who = self.story.accepted_by if self.story.accepted_by.id else self.turn(self.world.agents, at)
        answer = self.rng.choice(pieces()["answer"]["explained"]).format(unit="坐席")
        self.step("answer", "answered", at, who, {"answer": answer})
        self.stop("dispatch", at, called_off=True)
        self.story.answer, self.story.result = answer, "explained"
        self.story.times["resolved"] = at
        self.step("close", "closed", at + MINUTE, who, {"ground": "直接答复"})
        self.story.times["closed"] = at + MINUTE

    def _decline(self, now: int) -> None:
        reason = self.reason("decline")
        at = now + self.rng.randint(3, 40) * MINUTE
        self.step(
            "decline", "declined", at, self.turn(self.world.agents, at), {"reason": reason.name, "way": reason.way}
        )
        self.stop("dispatch", at, called_off=True)
        self.story.times["closed"] = at

    def _void(self, now: int) -> None:
        reason = self.reason("void")
        at = now + self.rng.randint(10, 90) * MINUTE
        self.step("void", "void", at, self.turn(self.world.supervisors, at), {"reason": reason.name})
        self.stop("dispatch", at, called_off=True)
        self.story.times["closed"] = at

    def _merge(self, now: int, parent: int) -> None:
        at = now + self.rng.randint(5, 120) * MINUTE
        self.step("merge", "merged", at, self.turn(self.world.dispatchers, at), {"parent": parent})
        self.stop("dispatch", at, called_off=True)
        self.story.parent = parent

    def _dispatch(self, now: int, lead: int) -> int:
        rule = self.rule("dispatch")
        wait = (
            min(self.desk_wait(now), int(rule.amount * MINUTE * 0.9))
            if rule.measure == "natural_minutes"
            else self.desk_wait(now)
        )
        at = now + wait
        who = self.turn(self.world.dispatchers, at)
        instruction = self.rng.choice(pieces()["instruction"]["any"])
        assisting = [unit for unit in self.leaf.assisting if unit != lead] if self.rng.random() < 0.35 else []
        record = {"lead_unit": lead, "assisting": assisting, "instruction": instruction}
        self.step("dispatch", "dispatched", at, who, record)
        self.stop("dispatch", at)
        self.story.times["dispatched"] = at
        self._assign(at, who, lead, assisting, instruction)
        return at

    def _assign(self, at: int, who: Staff, lead: int, assisting: list[int], instruction: str) -> None:
        self.story.lead_unit = lead
        self.story.parts += [Part(lead, True, instruction, who, at)]
        self.story.parts += [Part(unit, False, instruction, who, at) for unit in assisting]
        for clock in ("acknowledge", "contact", "resolve"):
            self.start(clock, at, lead)

    def _return_first(self, now: int) -> int:
        """Sometimes the unit asks to return the case before it takes it."""
        if self.rng.random() > 0.055:
            return now
        unit, before = self.unit(), self.story.state
        at = self.deadlines.at_work(now + self.rng.randint(20, 200) * MINUTE)
        asked = self.ask("return", at, "return_asked")
        decided = self.later_in_day(at, 180)
        approved = self.rng.random() < 0.75
        self.decide(asked, decided, approved)
        if not approved:
            self.step("refuse_return", before, decided, asked.decided_by or SYSTEM, {"remark": asked.remark})
            return decided
        self.story.counts["return"] += 1
        self.step("approve_return", "registered", decided, asked.decided_by or SYSTEM, {"remark": asked.remark})
        for part in self.story.parts:
            part.ended, part.returned = decided, part.unit == unit
        for clock in ("acknowledge", "contact", "resolve"):
            self.stop(clock, decided, called_off=True)
        self.story.lead_unit = None
        self.start("dispatch", decided, None)
        other = self.other_unit(unit)
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
        due = self.clock("follow_up").due
        at = self.daytime(self.before(now, due, 0.3))
        reached = False
        for attempt in range(3):
            who = self.turn(self.world.callers_back, at)
            reached = self.rng.random() < 0.72
            self.within(at)
            if reached:
                break
            self.story.calls.append(Call(at, who, False))
            self.story.counts["call"] += 1
            if attempt < 2:
                self.step("try_call", "resolved", at, who, {"reached": False})
                at = self.daytime(at + self.rng.randint(40, 300) * MINUTE)
        call = self._judged(at, who) if reached else None
        record: dict[str, Any] = {"reached": reached}
        if call:
            self.story.calls.append(call)
            self.story.counts["call"] += 1
            self.story.solved, self.story.satisfaction = call.solved, call.satisfaction
            record |= {"solved": call.solved, "satisfaction": call.satisfaction, "words": call.words}
        self.step("follow_up", "followed_up", at, who, record)
        self.stop("follow_up", at)
        self.story.times["followed_up"] = at
        if call and not call.solved and self.story.counts["reopen"] == 0 and self.rng.random() < 0.22:
            return self._reopen(at + 5 * MINUTE, who)
        self.step("close", "closed", at + 10 * MINUTE, who, {"ground": "回访完成" if reached else "三次未联系上"})
        self.story.times["closed"] = at + 10 * MINUTE
        for part in self.story.parts:
            part.ended = part.ended or at + 10 * MINUTE
        return None

    def _reopen(self, at: int, who: Staff) -> None:
        reason = self.reason("reopen")
        unit = self.unit()
        self.step("reopen", "reopened", at, who, {"reason": reason.name})
        self.story.counts["reopen"] += 1
        for name in ("resolved", "followed_up"):
            self.story.times.pop(name, None)
        self.story.result, self.story.solved, self.story.satisfaction = "", None, None
        for clock in ("acknowledge", "contact", "resolve"):
            self.start(clock, at, unit)
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
