"""The life of one case, step by step as people would have made it, broken off at the end of the period.

Every step happens at a time; the first that would lie after `cut` ends the telling, so the newest cases are caught in
every state. Probabilities are those of a well-run centre: about 96 % on time, 90 % satisfied, 4 % returned, 5 %
extended, 2 % reopened.
"""

from contextlib import suppress
from typing import Any

from .deadlines import DAY, day_start
from .plan import HOUR
from .story import CITIZEN, SYSTEM, Call, CaseStory, Part, Pressed, Running
from .telling import MINUTE, NotYet, Telling
from .words import pieces
from .world import Staff

EXTRA_DAYS = 5


class Life(Telling):
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
        self.start("dispatch", now, None)
        self.step("register", "registered", at, self.turn(self.world.agents, at), record)
        self.story.times["registered"] = at
        return at

    def _answer_at_once(self, now: int) -> None:
        at = now + self.rng.randint(2, 12) * MINUTE if self.story.accepted_by.id else now + self.desk_wait(now)
        who = self.story.accepted_by if self.story.accepted_by.id else self.turn(self.world.agents, at)
        answer = self.rng.choice(pieces()["answer"]["explained"]).format(unit="坐席")
        self.step("answer", "answered", at, who, {"answer": answer})
        self.story.answer, self.story.result = answer, "explained"
        self.story.times["resolved"] = at
        self.step("close", "closed", at + MINUTE, who, {"ground": "直接答复"})
        self.story.times["closed"] = at + MINUTE

    def _decline(self, now: int) -> None:
        reason = self.reason("decline")
        at = now + self.rng.randint(3, 40) * MINUTE
        self.step("decline", "declined", at, self.turn(self.world.agents, at), {"reason": reason[2]})
        self.story.times["closed"] = at

    def _void(self, now: int) -> None:
        reason = self.reason("void")
        at = now + self.rng.randint(10, 90) * MINUTE
        self.step("void", "void", at, self.turn(self.world.supervisors, at), {"reason": reason[2]})
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
        asked = self.ask("return", at, "ask_return", "return_asked")
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
        now = self._acknowledge(now)
        now = self._contact(now)
        now = self._ask_time(now)
        now = self._shelve(now)
        now = self._resolve(now)
        self._follow_up(now)

    def _acknowledge(self, now: int) -> int:
        due = self.clock("acknowledge").due
        late = self.rng.random() < 0.015 * self.slowness()
        at = due + self.rng.randint(10, 300) * MINUTE if late else self.on_duty(now, due, 35)
        at = max(at, now + MINUTE)
        unit = self.unit()
        who = self.world.handlers.get(unit, SYSTEM)
        self.step("acknowledge", "acknowledged", at, who, {"person": who.name}, unit)
        self.stop("acknowledge", at)
        self.story.times["acknowledged"] = at
        for part in self.story.parts:
            if part.ended is None and part.lead:
                part.acknowledged = at
        return at

    def _contact(self, now: int) -> int:
        due = self.clock("contact").due
        late = self.rng.random() < 0.02 * self.slowness()
        at = due + self.rng.randint(10, 600) * MINUTE if late else self.on_duty(now, max(due, now + HOUR), 110)
        at = max(at, now + MINUTE)
        unit = self.unit()
        how = self.rng.choice(pieces()["contact"]["how"])
        self.step("contact", "in_hand", at, self.world.handlers.get(unit, SYSTEM), {"how": "电话", "words": how}, unit)
        self.stop("contact", at)
        self.story.times.setdefault("contacted", at)
        return at

    def _ask_time(self, now: int) -> int:
        clock = self.clock("resolve")
        if clock.rule.measure != "working_days" or clock.rule.amount < 3 or self.rng.random() > 0.062:
            return now
        at = self.deadlines.at_work(now + self.rng.randint(2, 30) * HOUR)
        if at > clock.due - 26 * HOUR:
            return now
        asked = self.ask("extension", at, "ask_extension", "extension_asked")
        asked.new_due = self.deadlines.due(clock.due, EXTRA_DAYS, "working_days")
        decided = self.later_in_day(at, 200)
        approved = self.rng.random() < 0.88
        self.decide(asked, decided, approved)
        move = "approve_extension" if approved else "refuse_extension"
        self.step(move, "in_hand", decided, asked.decided_by or SYSTEM, {"remark": asked.remark})
        if approved:
            self.story.counts["extension"] += 1
            clock.shifts.append(("extension", decided, None, clock.due, asked.new_due, asked.words))
            clock.due = asked.new_due
        return decided

    def _shelve(self, now: int) -> int:
        clock = self.clock("resolve")
        if clock.rule.measure != "working_days" or self.rng.random() > 0.008:
            return now
        at = self.deadlines.at_work(now + self.rng.randint(3, 20) * HOUR)
        if at > clock.due:
            return now
        asked = self.ask("shelve", at, "ask_shelving", "shelving_asked")
        asked.review_on = day_start(at) + self.rng.randint(20, 70) * DAY
        decided = self.later_in_day(at, 200)
        self.decide(asked, decided, True)
        self.step("shelve", "shelved", decided, asked.decided_by or SYSTEM, {"remark": asked.remark})
        clock.paused = decided
        until = self.deadlines.at_work(asked.review_on + 9 * HOUR + self.rng.randint(0, 90) * MINUTE)
        before = clock.due
        clock.shifts.append(("pause", decided, None, before, None, asked.words))
        self.step(
            "resume", "in_hand", until, self.turn(self.world.supervisors, until), {"ground": "到期复核，恢复办理"}
        )
        clock.paused, clock.due = None, self.deadlines.after_pause(before, decided, until)
        clock.shifts[-1] = ("pause", decided, until, before, clock.due, asked.words)
        return until

    def _resolve(self, now: int) -> int:
        clock, unit = self.clock("resolve"), self.unit()
        late = self.rng.random() < 0.036 * self.slowness() or now >= clock.due
        if late:
            at = self.deadlines.at_work(max(now, clock.due) + int(self.rng.expovariate(1 / (1.2 * DAY))) + 20 * MINUTE)
            self._press(clock, at)
        else:
            at = max(now + MINUTE, self.before(now, clock.due, self.rng.betavariate(2, 1.8)))
        result = self.drawn((("solved", 0.74), ("partly", 0.07), ("explained", 0.15), ("cannot", 0.04)))
        if self.story.kind in ("consultation", "praise", "suggestion") and result != "cannot":
            result = "explained"
        answer = self.rng.choice(pieces()["answer"][result]).format(unit=self.world.unit_names[unit])
        who = self.world.handlers.get(unit, SYSTEM)
        self.step("resolve", "resolved", at, who, {"answer": answer, "result": result}, unit)
        self.stop("resolve", at)
        self.story.times["resolved"], self.story.result, self.story.answer = at, result, answer
        for part in self.story.parts:
            if part.ended is None and not part.lead:
                part.answer, part.answered = "已按职责配合办理完毕。", max(part.at, at - HOUR)
        self.start("follow_up", at, None)
        return at

    def _press(self, clock: Running, resolved: int) -> None:
        """The ladder as it would have run by itself on a case that is late (RULES §2)."""
        unit = self.unit()
        for _order, percent, overdue, action in self.world.ladder:
            if percent is not None or overdue is None:
                continue
            at = clock.due if overdue == 0 else self.deadlines.due(clock.due, overdue, "working_days")
            if action in ("supervise", "escalate") and at < min(resolved, self.cut):
                receiver = "unit" if action == "supervise" else "leader"
                words = (
                    "该工单已超过办结期限，请立即办理并说明原因。"
                    if action == "supervise"
                    else "超期一个工作日仍未办结，提级督办。"
                )
                self.story.pressed.append(Pressed(action, receiver, at, SYSTEM, unit, words))

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
        self.step("reopen", "reopened", at, who, {"reason": reason[2]})
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
