"""办理限额 as people read them: what counts, what is planned, what counted before."""

from dataclasses import dataclass, field
from datetime import datetime

from ...limits import KINDS, Kind, value_words
from ...models import Limit


@dataclass(frozen=True)
class Value:
    """A value in words, and whether it counts now, will, or did (with the moment at which it ended)."""

    row: Limit
    standing: str
    ended_at: datetime | None

    @property
    def words(self) -> str:
        return value_words(self.row.code, self.row.value)


@dataclass
class LimitLine:
    """A limit with its values, the newest first."""

    code: str
    kind: Kind
    values: list[Value] = field(default_factory=list)

    @property
    def now(self) -> Value | None:
        """The value in force."""
        return next((value for value in self.values if value.standing == "now"), None)

    @property
    def planned(self) -> list[Value]:
        """Values that are to come, the nearest first."""
        return [value for value in reversed(self.values) if value.standing == "planned"]


def limit_lines(now: datetime) -> list[LimitLine]:
    """Every limit in its order; one read."""
    lines = {code: LimitLine(code, kind) for code, kind in KINDS.items()}
    following: dict[str, datetime] = {}
    for row in Limit.objects.filter(code__in=lines).order_by("-effective_from"):
        ended_at = following.get(row.code)
        lines[row.code].values.append(Value(row, _standing(row, ended_at, now), ended_at))
        following[row.code] = row.effective_from
    return list(lines.values())


def _standing(row: Limit, ended_at: datetime | None, now: datetime) -> str:
    if row.effective_from > now:
        return "planned"
    return "now" if ended_at is None or ended_at > now else "past"
