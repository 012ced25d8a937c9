"""What the API takes and gives. Codes instead of row numbers, moments with their offset, names in the field's words."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from qushu.cases.models import Case

NO_NUL = r"^[^\x00]*$"
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)]
Kind = Annotated[str, Field(json_schema_extra={"enum": list(Case.Kind.values)})]
Urgency = Annotated[str, Field(json_schema_extra={"enum": list(Case.Urgency.values)})]


class Given(Schema):
    """Input: unknown members are refused, so that a misspelt one doesn't get lost."""

    model_config = ConfigDict(extra="forbid")


class Named(Schema):
    code: str
    name: str


class ContactIn(Given):
    """Who called; sealed as soon as it arrives."""

    name: Line = ""
    phone: Annotated[str, StringConstraints(max_length=30, pattern=NO_NUL)] = ""
    id_number: Annotated[str, StringConstraints(max_length=30, pattern=NO_NUL)] = ""
    address: Line = ""
    email: Line = ""


class CaseIn(Given):
    """A case to accept. `source` and `source_ref` name it in the sending system: the same pair is the same case."""

    channel: Code
    text: Text
    title: Line = ""
    kind: Kind = "help"
    urgency: Urgency = "general"
    place: Line = ""
    area: Code | None = None
    category: Code | None = None
    contact: ContactIn = ContactIn()
    occurred: Moment | None = Field(None, description="when the citizen called; now when absent")
    source: Annotated[str, StringConstraints(max_length=30, pattern=NO_NUL)] = ""
    source_ref: Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)] = ""
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class CaseLine(Schema):
    """A case in a list."""

    number: str
    title: str
    state: Named
    kind: str
    urgency: str
    channel: str
    category: Named | None
    area: Named | None
    street: Named | None
    lead_unit: Named | None
    accepted_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    result: str
    solved: bool | None
    satisfaction: int | None
    marks: list[str]
    source: str
    source_ref: str
    seq: int = Field(description="number of the newest history row; the ETag")


class ContactOut(Schema):
    """Masked. One field at a time is revealed by POST …/contact."""

    name: str
    phone: str
    id_number: str
    address: str
    email: str


class CaseOut(CaseLine):
    """A case with its words. Personal data in them is masked; `POST …/contact` with the field `words` reveals it."""

    text: str
    place: str
    contact: ContactOut | None = Field(description="null when the identity is sealed for this caller")
    assisting: list[Named]
    parent: str | None
    registered_at: datetime | None
    dispatched_at: datetime | None
    acknowledged_at: datetime | None
    contacted_at: datetime | None
    resolved_at: datetime | None
    followed_up_at: datetime | None
    moves: list[str] = Field(description="what this caller may do now")


class Chosen(Given):
    """Filters of the list. Codes as in `/codes`; days include both ends."""

    state: Line = ""
    unit: Line = ""
    street: Line = ""
    area: Line = ""
    category: Line = ""
    channel: Line = ""
    kind: Line = ""
    urgency: Line = ""
    mark: Line = ""
    result: Line = ""
    accepted_from: Day | None = None
    accepted_to: Day | None = None
    overdue: bool = Field(False, description="past the deadline to resolve and not resolved yet")
    open: bool = False
    q: Line = Field("", description="words, or a case number")
    after: Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)] = ""
    size: int = Field(50, ge=1, le=200)


class CasePage(Schema):
    """A page of cases, newest first. `next` is an address; null at the end."""

    cases: list[CaseLine]
    next: str | None


class HistoryRow(Schema):
    seq: int
    move: str
    name: str
    from_state: str
    to_state: str
    at: datetime
    recorded_at: datetime
    by: str
    lines: list[str]
    words: str
    hash: str


class ClockOut(Schema):
    """A clock with the lines that explain its deadline."""

    name: str
    unit: str | None
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    met: bool | None
    paused: bool
    explanation: list[str]


class AttachmentOut(Schema):
    id: int
    name: str
    content_type: str
    size: int
    stage: str
    added_at: datetime


class Change(Schema):
    """A move of some case, in the order of recording."""

    number: str
    seq: int
    move: str
    state: str
    at: datetime


class ChangePage(Schema):
    """Moves after a cursor. Keep `next` and ask again with it: it is there even when nothing is new."""

    changes: list[Change]
    next: str


class Revealed(Schema):
    field: str
    value: str


class Reveal(Given):
    field: str = Field(json_schema_extra={"enum": ["name", "phone", "id_number", "address", "email", "words"]})
    reason: Line


class CategoryRow(Named):
    level: int
    parent: str | None


class AreaRow(Named):
    level: str
    parent: str | None


class UnitRow(Named):
    kind: str
    duties: str
    area: str | None


class ReasonRow(Named):
    request: str
    basis: str


class StateRow(Named):
    open: bool


class MoveRow(Named):
    froms: list[str]
    to: str


class Lifecycle(Schema):
    states: list[StateRow]
    moves: list[MoveRow]


class ProblemOut(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    field: str | None = None
    errors: list[dict[str, Any]] | None = None


class NoFields(Given):
    """A move that needs no more than the case."""


class Words(Given):
    words: Text


class WordsIfAny(Given):
    words: Text = ""


class Ground(Given):
    ground: Line


class Answer(Given):
    answer: Text


class Registering(Given):
    category: Code
    area: Code | None = None
    kind: Kind = "help"
    urgency: Urgency = "general"
    title: Line | None = None


class Correcting(Given):
    """Only what is given changes."""

    title: Line | None = None
    category: Code | None = None
    area: Code | None = None
    kind: Kind | None = None
    urgency: Urgency | None = None


class Reasoned(Given):
    """A reason by its code, and words."""

    reason: Code
    words: Text = ""


class Dispatching(Given):
    lead_unit: Code
    assisting: list[Code] = Field([], max_length=20)
    instruction: Text = ""


class Redispatching(Dispatching):
    reason: Line


class Merging(Given):
    parent: Code = Field(description="number of the case that stays")


class SplitPart(Given):
    title: Line
    text: Text
    category: Code | None = None


class Splitting(Given):
    parts: list[SplitPart] = Field(min_length=1, max_length=20)


class Contacting(Given):
    how: Line = "电话"
    words: Text


class Resolving(Given):
    answer: Text
    result: str = Field(json_schema_extra={"enum": list(Case.Result.values)})


class Returning(Reasoned):
    suggested_unit: Code | None = None


class Extending(Reasoned):
    new_due_at: Moment


class Shelving(Given):
    reason: Code
    plan: Text
    review_on: Day


class Excluding(Reasoned):
    measure: Code


class Deciding(Given):
    request: str = Field(json_schema_extra={"enum": ["return", "extension", "shelve", "exclude"]})
    approved: bool
    remark: Text = ""


class FollowingUp(Given):
    reached: bool
    solved: bool | None = None
    satisfaction: int | None = Field(None, ge=1, le=5)
    words: Text = ""


class Supervising(Given):
    level: str = Field(json_schema_extra={"enum": ["urge", "supervise", "escalate"]})
    words: Text
    answer_due_at: Moment | None = None


class AnsweringOrder(Given):
    order: Code
    answer: Text
