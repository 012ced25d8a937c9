"""The responsible unit's part in a case's life: acknowledge, contact, ask for time, shelve, resolve."""

from .deadlines import DAY, day_start
from .plan import HOUR, day_of
from .story import SYSTEM, Pressed, Running
from .telling import MINUTE, Telling, iso
from .words import answer_to, pieces

EXTRA_DAYS = 5
RESULTS = (("solved", 0.74), ("partly", 0.07), ("explained", 0.15), ("cannot", 0.04))
PRESSED = {"urge": "unit_leader", "supervise": "unit", "escalate": "leader"}


def order_number(case_id: int, nth: int, at: int) -> str:
    """督办编号 of a generated order: longer than those the counter gives, so that the two never meet."""
    return f"DB{day_of(at):%Y}{case_id:07d}{nth}"


class Work(Telling):
    """What the unit does. Every method takes the time at which it may begin and gives the time at which it is done."""

    def acknowledge(self, now: int) -> int:
        """签收."""
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
            if part.ended is None and part.lead and part.acknowledged is None:
                part.acknowledged = at
        return at

    def contact(self, now: int) -> int:
        """The first contact with the citizen."""
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

    def ask_time(self, now: int) -> int:
        """Sometimes the unit asks for more time."""
        clock = self.clock("resolve")
        if clock.rule.measure != "working_days" or clock.rule.amount < 3 or self.rng.random() > 0.062:
            return now
        at = self.deadlines.at_work(now + self.rng.randint(2, 30) * HOUR)
        if at > clock.due - 50 * HOUR:
            return now
        new_due = self.deadlines.due(clock.due, EXTRA_DAYS, "working_days")
        asked = self.ask("extension", at, "extension_asked", new_due_at=iso(new_due))
        asked.new_due = new_due
        decided = self.decided_at(at)
        approved = self.rng.random() < 0.88
        self.decide(asked, decided, approved)
        move = "approve_extension" if approved else "refuse_extension"
        self.step(move, "in_hand", decided, asked.decided_by or SYSTEM, {"remark": asked.remark})
        if approved:
            self.story.counts["extension"] += 1
            clock.shifts.append(("extension", decided, new_due, clock.due, new_due, asked.reason.name))
            clock.due = new_due
        return decided

    def shelve(self, now: int) -> int:
        """Rarely the case is shelved until a review date."""
        clock = self.clock("resolve")
        if clock.rule.measure != "working_days" or self.rng.random() > 0.008:
            return now
        at = self.deadlines.at_work(now + self.rng.randint(3, 20) * HOUR)
        if at > clock.due:
            return now
        review_on = day_start(at) + self.rng.randint(20, 70) * DAY
        plan = self.rng.choice(pieces()["plan"]["shelve"])
        asked = self.ask("shelve", at, "shelving_asked", plan=plan, review_on=day_of(review_on).isoformat())
        asked.review_on, asked.words = review_on, plan
        decided = self.decided_at(at)
        self.decide(asked, decided, True)
        self.step("shelve", "shelved", decided, asked.decided_by or SYSTEM, {"remark": asked.remark})
        clock.paused = decided
        until = self.deadlines.at_work(review_on + 9 * HOUR + self.rng.randint(0, 90) * MINUTE)
        before = clock.due
        clock.shifts.append(("pause", decided, None, before, None, asked.reason.name))
        self.step(
            "resume", "in_hand", until, self.turn(self.world.supervisors, until), {"ground": "到期复核，恢复办理"}
        )
        clock.paused, clock.due = None, self.deadlines.after_pause(before, decided, until)
        clock.shifts[-1] = ("pause", decided, until, before, clock.due, asked.reason.name)
        return until

    def resolve(self, now: int) -> int:
        """办结, most often in time; when it is late, the ladder presses."""
        clock, unit = self.clock("resolve"), self.unit()
        late = self.rng.random() < 0.036 * self.slowness() or now >= clock.due
        if late:
            at = self.deadlines.at_work(max(now, clock.due) + int(self.rng.expovariate(1 / (1.2 * DAY))) + 20 * MINUTE)
        else:
            at = max(now + MINUTE, self.before(now, clock.due, self.rng.betavariate(2, 2)))
        self._press(clock, now, at)
        result = self.drawn(RESULTS)
        if self.story.kind in ("consultation", "praise", "suggestion") and result != "cannot":
            result = "explained"
        answer = answer_to(self.rng, self.leaf, self.story.kind, result, self.world.unit_names[unit])
        who = self.world.handlers.get(unit, SYSTEM)
        self.step("resolve", "resolved", at, who, {"answer": answer, "result": result}, unit)
        self.stop("resolve", at)
        self.story.times["resolved"], self.story.result, self.story.answer = at, result, answer
        for part in self.story.parts:
            if part.ended is None and not part.lead:
                part.answer, part.answered = "已按职责配合办理完毕。", max(part.at, at - HOUR)
        self.start("follow_up", at, unit)
        return at

    def _press(self, clock: Running, now: int, resolved: int) -> None:
        """The ladder as it would have run by itself until the case was resolved (RULES §2)."""
        for _order, percent, overdue, action in self.world.ladder:
            if action not in PRESSED:
                continue
            if percent is not None:
                at, how_far = self._used(clock, percent), f"已用 {percent}%"
            else:
                at = self.deadlines.due(clock.due, overdue, "working_days") if overdue else clock.due
                how_far = f"已超期 {overdue} 工作日" if overdue else "已超期"
            if now < at < resolved:
                words = f"办结时限：{how_far}。请抓紧办理并回复。"
                order = order_number(self.story.id, len(self.story.pressed) + 1, at)
                self.step("supervise", self.story.state, at, SYSTEM, {"level": action, "words": words, "order": order})
                self.story.pressed.append(Pressed(order, action, PRESSED[action], at, SYSTEM, self.unit(), words))

    def _used(self, clock: Running, percent: int) -> int:
        paused = sum(
            self.deadlines.worked_between(since, until)
            for kind, since, until, *_ in clock.shifts
            if kind == "pause" and until is not None
        )
        return self.deadlines.portion(clock.started, clock.due, clock.rule.measure, percent, paused)
