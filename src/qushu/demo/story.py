"""A case with all its rows: what the generator hands over and the loader writes."""

from dataclasses import dataclass, field
from typing import Any

from .draw import Core
from .words import Words
from .world import Ground, Rule, Staff

SYSTEM = Staff(0, "系统")
CITIZEN = Staff(0, "市民")
SUGGESTED_BY = "catalogue"


@dataclass(slots=True)
class Step:
    """One move of the history. `actor.id` 0 is nobody with an account."""

    move: str
    before: str
    after: str
    at: int
    actor: Staff
    unit: int | None
    record: dict[str, Any]


@dataclass(slots=True)
class Running:
    """A clock; `stopped` None runs on, `met` None when it was called off."""

    name: str
    round: int
    rule: Rule
    unit: int | None
    started: int
    due: int
    stopped: int | None = None
    met: bool | None = None
    paused: int | None = None
    shifts: list[tuple[str, int, int | None, int, int | None, str]] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """A unit's part in the case (an assignment)."""

    unit: int
    lead: bool
    instruction: str
    by: Staff
    at: int
    suggested: int
    score: float
    acknowledged: int | None = None
    answer: str = ""
    answered: int | None = None
    ended: int | None = None
    returned: bool = False


@dataclass(slots=True)
class Asked:
    """A request and its review."""

    kind: str
    unit: int
    by: Staff
    at: int
    reason: Ground
    words: str
    due: int
    suggested: int | None = None
    new_due: int | None = None
    review_on: int | None = None
    decided: int | None = None
    decided_by: Staff | None = None
    approved: bool | None = None
    remark: str = ""


@dataclass(slots=True)
class Call:
    """A try to reach the citizen."""

    at: int
    by: Staff
    reached: bool
    solved: bool | None = None
    satisfaction: int | None = None
    words: str = ""


@dataclass(slots=True)
class Pressed:
    """A supervision order."""

    number: str
    level: str
    receiver: str
    at: int
    by: Staff
    unit: int
    words: str


@dataclass(slots=True)
class CaseStory:
    """All rows of one case. Times are whole seconds since 1970; `id` is the case's database id."""

    id: int
    number: str
    core: Core
    words: Words
    kind: str
    urgency: str
    marks: tuple[str, ...]
    state: str = ""
    lead_unit: int | None = None
    times: dict[str, int] = field(default_factory=dict)
    accepted_by: Staff = CITIZEN
    result: str = ""
    answer: str = ""
    solved: bool | None = None
    satisfaction: int | None = None
    parent: int | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"call": 0, "return": 0, "extension": 0, "reopen": 0})
    steps: list[Step] = field(default_factory=list)
    clocks: list[Running] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    pressed: list[Pressed] = field(default_factory=list)
