"""From a row's facts to the rows of a case: the same rules as the actions, in memory, for writing in bulk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from qushu.cases import clockwork
from qushu.cases.contact import caller_digest, caller_index, seal_contact
from qushu.cases.overdue import overdue_from
from qushu.cases.rulebook import Rulebook
from qushu.cases.rules import SHANGHAI, case_number, chained_fields, history_hash, title_of, words_digest
from qushu.cases.words import facets_of, search_words
from qushu.kernel.lifecycle import Lifecycle, Move, lifecycle
from qushu.kernel.text import add_words
from qushu.people.access import Actor

from ..marking import marks_of
from . import copying
from .copying import Lines, Sheaf
from .mapping import Facts


class Ready(NamedTuple):
    """A row that may become a case: its line, what it says, the names as ids, the id and number of the case to be."""

    line: int
    facts: Facts
    ids: dict[str, Any]
    case_id: int
    number: str


@dataclass(slots=True)
class _Life:
    """A case while it is built."""

    row: Ready
    case: dict[str, Any]
    state: str = ""
    seq: int = 0
    head: bytes = b""
    clocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Asked:
    """What the deadline table is asked about."""

    lifecycle: str
    kind: str
    urgency: str
    category_id: int | None
    channel_id: str
    lead_unit_id: int | None
    reopen_count: int = 0


@dataclass(frozen=True)
class Builder:
    """What all rows of one import share; knows no database, so that another process can build."""

    source: str
    until: str
    book: Rulebook
    actor: Actor
    now: datetime
    prefix: str
    urgent_words: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()

    def number(self, facts: Facts, case_id: int) -> str:
        """The number of the case to be."""
        return case_number(self.prefix, timezone.localdate(facts.accepted_at, SHANGHAI), case_id)

    def build(self, rows: Iterable[Ready]) -> Lines:
        """All rows of these cases, in the state that the mapping asks for: history, clocks, assignments, messages."""
        add_words(self.names)
        sheaf = Sheaf()
        for row in rows:
            self._build(row, sheaf)
        return sheaf.bound()

    def _build(self, row: Ready, sheaf: Sheaf) -> None:
        facts = row.facts
        title = facts.title[:200] or title_of(facts.text)
        ids = row.ids if self.until == "closed" else row.ids | {"lead_unit_id": None}
        life = _Life(row, ids | {"id": row.case_id, "number": row.number, "title": title})
        life.case |= {
            "kind": facts.kind,
            "urgency": facts.urgency,
            "marks": self._marks(facts.text),
            "caller_index": caller_index(facts.contact.phone),
            "accepted_by_id": self.actor.account_id,
            "accepted_at": facts.accepted_at,
            "source": self.source,
            "source_ref": facts.ref,
        }
        for move, at, record in self._moves(facts, row.ids, row.number):
            self._make(life, sheaf, move, at, record)
        self._finish(life, sheaf)
        found = search_words(title, facts.text, facts.place)
        said = {
            "case_id": row.case_id,
            "text": facts.text,
            "place": facts.place,
            "lon": facts.lon,
            "lat": facts.lat,
            "sealed": seal_contact(row.number, facts.contact),
            "answer": facts.answer,
            "words": found.words,
        }
        sheaf.add(copying.STATEMENT, said)
        entry = {name: said[name] for name in ("case_id", "lon", "lat")}
        case = life.case
        facets = facets_of([case["street_id"], case["area_id"]], case["category_id"], [case["lead_unit_id"]])
        sheaf.add(copying.ENTRY, entry | {"accepted_at": facts.accepted_at, "words": found.entry, "facets": facets})

    def _marks(self, text: str) -> list[str]:
        """What urgent words say. An archived case needs nobody's attention any more."""
        if self.until == "closed":
            return []
        return marks_of(text, self.urgent_words)

    def _moves(self, facts: Facts, ids: dict[str, Any], number: str) -> list[tuple[str, datetime, dict[str, Any]]]:
        accepted = {
            "channel": ids["channel_id"],
            "words_digest": words_digest(facts.text),
            "caller_digest": caller_digest(number, facts.contact),
            "source": self.source,
            "source_ref": facts.ref,
        }
        moves: list[tuple[str, datetime, dict[str, Any]]] = [("accept", facts.accepted_at, accepted)]
        if self.until == "closed":
            ground = {"ground": "历史数据导入", "on_time": facts.on_time, "unit": ids["lead_unit_id"]}
            return [*moves, ("archive", self.now, ground)]
        if self.until in ("registered", "dispatched") and ids["category_id"]:
            record = {name: ids[f"{name}_id"] for name in ("category", "area")}
            moves.append(("register", self.now, record | {"kind": facts.kind, "urgency": facts.urgency}))
            if self.until == "dispatched" and ids["lead_unit_id"]:
                sent = {"lead_unit": ids["lead_unit_id"], "assisting": [], "instruction": ""}
                moves.append(("dispatch", self.now, sent))
        return moves

    def _make(self, life: _Life, sheaf: Sheaf, code: str, at: datetime, record: dict[str, Any]) -> None:
        move = self._life.move(code, life.state)
        if move.stamps:
            life.case[move.stamps] = at
        if code == "dispatch":
            life.case["lead_unit_id"] = record["lead_unit"]
            assigned = {"unit_id": record["lead_unit"], "part": "lead", "assigned_by_id": self.actor.account_id}
            sheaf.add(copying.ASSIGNMENT, assigned | {"case_id": life.row.case_id, "assigned_at": at})
        if code == "archive":
            life.clocks = self._archived_clocks(life, record["on_time"])
        else:
            _stop(life.clocks, move.stops, at)
            started = (clockwork.new_clock(self._asked(life), name, at, self.book) for name in move.starts)
            life.clocks += [clock for clock in started if clock is not None]
        self._write_down(life, sheaf, move, at, record)

    def _archived_clocks(self, life: _Life, on_time: bool | None) -> list[dict[str, Any]]:
        """Of an archived case only one thing is known: whether it was closed in time, where the source says so.

        Its deadline comes from the rules in force at the import: those of its own time are the other system's.
        """
        if on_time is None:
            return []
        clock = clockwork.new_clock(self._asked(life), "resolve", life.row.facts.accepted_at, self.book, self.now)
        if clock is None:
            return []
        return [clock | {"stopped_at": self.now, "met": on_time, "next_step_at": None}]

    def _asked(self, life: _Life) -> _Asked:
        names = ("kind", "urgency", "category_id", "channel_id", "lead_unit_id")
        return _Asked(self._life.code, *(life.case[name] for name in names))

    @property
    def _life(self) -> Lifecycle:
        return lifecycle("hotline")

    def _write_down(self, life: _Life, sheaf: Sheaf, move: Move, at: datetime, record: dict[str, Any]) -> None:
        who = (self.actor.account_id, self.actor.name, self.actor.unit_id)
        prev, states = life.head, (life.state, move.to)
        life.seq += 1
        life.state = move.to
        said = chained_fields(life.row.case_id, life.seq, move.code, states, at, self.now, who, record, None)
        life.head = history_hash(prev, said)
        sheaf.add(copying.HISTORY, said | {"prev_hash": prev, "hash": life.head})
        number = life.row.number
        body = {"number": number, "seq": life.seq, "state": move.to, "at": at.isoformat()}
        told = {"key": number, "topic": f"case.{move.code}", "body": body, "created_at": self.now}
        sheaf.add(copying.MESSAGE, told)

    def _finish(self, life: _Life, sheaf: Sheaf) -> None:
        running = [clock for clock in life.clocks if "stopped_at" not in clock]
        due_at, due_clock = clockwork.nearest((clock["due_at"], clock["name"]) for clock in running)
        overdue = overdue_from((clock["name"], clock["due_at"], None) for clock in running)
        known = {"lifecycle": self._life.code, "state": life.state, "seq": life.seq, "head": life.head}
        sheaf.add(copying.CASE, life.case | known | {"due_at": due_at, "due_clock": due_clock, "overdue_from": overdue})
        for clock in life.clocks:
            sheaf.add(copying.CLOCK, clock | {"case_id": life.row.case_id})


def _stop(clocks: Sequence[dict[str, Any]], names: tuple[str, ...], at: datetime) -> None:
    for clock in clocks:
        if clock["name"] in names and "stopped_at" not in clock:
            clock |= {"stopped_at": at, "met": at <= clock["due_at"], "next_step_at": None}
