"""From a row's facts to the rows of a case: the same rules as the actions, in memory, for writing in bulk."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from qushu.cases import clockwork
from qushu.cases.contact import caller_index, seal_contact
from qushu.cases.models import Assignment, Case, Clock, History, Statement
from qushu.cases.rulebook import Rulebook
from qushu.cases.rules import SHANGHAI, case_number, chained_fields, history_hash, title_of
from qushu.kernel.lifecycle import Lifecycle
from qushu.kernel.models import OutboxMessage
from qushu.kernel.text import tsvector_of, words
from qushu.people.access import Actor

from .mapping import Facts, MappingFile
from .names import Names


@dataclass
class Built:
    """All rows of one imported case, unsaved, ids set."""

    case: Case
    statement: Statement
    history: list[History] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    messages: list[OutboxMessage] = field(default_factory=list)


@dataclass(frozen=True)
class Builder:
    """What all rows of one import share."""

    mapping: MappingFile
    names: Names
    book: Rulebook
    life: Lifecycle
    actor: Actor
    now: datetime
    prefix: str

    def resolve(self, facts: Facts) -> dict[str, Any]:
        """The names of a row as ids. Raises BadRow when one is unknown and may not be made."""
        street, area = self.names.area(facts.street, facts.community)
        return {
            "channel_id": self.names.channel(facts.channel),
            "category_id": self.names.category(facts.category) if facts.category else None,
            "street_id": street,
            "area_id": area,
            "lead_unit_id": self.names.unit(facts.unit),
        }

    def build(self, case_id: int, facts: Facts, ids: dict[str, Any]) -> Built:
        """The case with its history, clocks, assignment and messages, in the state that the mapping asks for."""
        number = case_number(self.prefix, timezone.localdate(facts.accepted_at, SHANGHAI), case_id)
        title = facts.title[:200] or title_of(facts.text)
        case = Case(
            id=case_id,
            number=number,
            lifecycle=self.life.code,
            state="",
            kind=facts.kind,
            urgency=facts.urgency,
            title=title,
            caller_index=caller_index(facts.contact.phone),
            accepted_by_id=self.actor.account_id,
            accepted_at=facts.accepted_at,
            source=self.mapping.source,
            source_ref=facts.ref,
            **(ids if self.mapping.until == "closed" else ids | {"lead_unit_id": None}),
        )
        statement = Statement(
            case=case,
            text=facts.text,
            place=facts.place,
            sealed=seal_contact(number, facts.contact),
            answer=facts.answer,
            words=tsvector_of(words(f"{title} {facts.text} {facts.place}")),
        )
        built = Built(case, statement)
        for move, at, record in self._life(facts, ids):
            self._step(built, move, at, record)
        clockwork.show_nearest(case, [clock for clock in built.clocks if clock.stopped_at is None])
        return built

    def _life(self, facts: Facts, ids: dict[str, Any]) -> list[tuple[str, datetime, dict[str, Any]]]:
        accepted = {"channel": ids["channel_id"], "source": self.mapping.source, "source_ref": facts.ref}
        life: list[tuple[str, datetime, dict[str, Any]]] = [("accept", facts.accepted_at, accepted)]
        if self.mapping.until == "closed":
            ground = {"ground": "历史数据导入", "on_time": facts.on_time, "unit": ids["lead_unit_id"]}
            return [*life, ("archive", self.now, ground)]
        if self.mapping.until in ("registered", "dispatched") and ids["category_id"]:
            record = {name: ids[f"{name}_id"] for name in ("category", "area")}
            life.append(("register", self.now, record | {"kind": facts.kind, "urgency": facts.urgency}))
            if self.mapping.until == "dispatched" and ids["lead_unit_id"]:
                life.append(
                    ("dispatch", self.now, {"lead_unit": ids["lead_unit_id"], "assisting": [], "instruction": ""})
                )
        return life

    def _step(self, built: Built, code: str, at: datetime, record: dict[str, Any]) -> None:
        case, move = built.case, self.life.move(code, built.case.state)
        if move.stamps:
            setattr(case, move.stamps, at)
        if code == "dispatch":
            case.lead_unit_id = record["lead_unit"]
            built.assignments.append(
                Assignment(
                    case=case,
                    unit_id=case.lead_unit_id,
                    part="lead",
                    assigned_by_id=self.actor.account_id,
                    assigned_at=at,
                )
            )
        if code == "archive":
            self._archive_clocks(built, record["on_time"])
        else:
            _stop(built.clocks, move.stops, at)
            built.clocks += [
                clock for name in move.starts if (clock := clockwork.new_clock(case, name, at, self.book)) is not None
            ]
        self._write_down(built, code, (case.state, move.to), at, record)
        case.state = move.to

    def _archive_clocks(self, built: Built, on_time: bool | None) -> None:
        """Of an archived case only one thing is known: whether it was closed in time, where the source says so.

        Its deadline comes from the rules in force at the import: those of its own time are the other system's.
        """
        built.clocks.clear()
        if on_time is None:
            return
        clock = clockwork.new_clock(built.case, "resolve", built.case.accepted_at, self.book, self.now)
        if clock is not None:
            clock.stopped_at, clock.met, clock.next_step_at = self.now, on_time, None
            built.clocks.append(clock)

    def _write_down(
        self, built: Built, move: str, states: tuple[str, str], at: datetime, record: dict[str, Any]
    ) -> None:
        case, prev = built.case, bytes(built.case.head)
        case.seq += 1
        who = (self.actor.account_id, self.actor.name, self.actor.unit_id)
        case.head = history_hash(prev, chained_fields(case.pk, case.seq, move, states, at, self.now, who, record, None))
        built.history.append(
            History(
                case=case,
                seq=case.seq,
                move=move,
                from_state=states[0],
                to_state=states[1],
                at=at,
                recorded_at=self.now,
                actor_id=who[0],
                actor_name=who[1],
                unit_id=who[2],
                record=record,
                prev_hash=prev,
                hash=case.head,
            )
        )
        body = {"number": case.number, "seq": case.seq, "state": states[1], "at": at.isoformat()}
        built.messages.append(OutboxMessage(key=case.number, topic=f"case.{move}", body=body, created_at=self.now))


def _stop(clocks: list[Clock], names: tuple[str, ...], at: datetime) -> None:
    for clock in clocks:
        if clock.name in names and clock.stopped_at is None:
            clock.stopped_at, clock.met, clock.next_step_at = at, at <= clock.due_at, None
