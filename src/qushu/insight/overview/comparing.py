"""同比 and 环比: changes in words, and a cross-cut over time beside the same question a year earlier."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from qushu.lake.engine import ask
from qushu.people.access import Scope

from .cutting import Answer, Group, answer
from .periods import a_year_before

WEEKS_A_YEAR = timedelta(weeks=52)
TIMES = ("day", "week", "month")


def change(now: Group, before: Group, is_rate: bool) -> str:
    """`+12.5%` for counts, `+1.20 个百分点` for rates; a dash when there was nothing before."""
    if now.number is None or before.number is None or (not is_rate and not before.number):
        return "—"
    if is_rate:
        return f"{now.number - before.number:+.2f} 点"
    return f"{100 * (now.number - before.number) / before.number:+.1f}%"


def first_day() -> date | None:
    """The day of the oldest case."""
    ((first,),) = ask("SELECT min(accepted_on) FROM {cases}")
    return first


def newest_day() -> date | None:
    """The day of the newest case."""
    ((last,),) = ask("SELECT max(accepted_on) FROM {cases}")
    return last


@dataclass(frozen=True)
class Elsewhen:
    """Where a centre's cases are when a period lies after all of them: the day of the newest, and the span up to it."""

    newest: date
    first: date


def elsewhen(first: date, back_to: Callable[[date], date]) -> Elsewhen | None:
    """None where cases reach into the period that begins on this day; else the newest case and the span that `back_to` begins."""
    newest = newest_day()
    return Elsewhen(newest, back_to(newest)) if newest is not None and newest < first else None


def begins(day: date) -> bool:
    """Whether there are cases from this day or before: a span that begins earlier is only partly known."""
    first = first_day()
    return first is not None and first <= day


@dataclass(frozen=True)
class Former:
    """The answer of a year before; `beside` finds its group by the present group's day, week or month."""

    answer: Answer
    beside: Mapping[date, Group]

    def change(self, present: Group) -> str:
        """The change of a group against a year before, in words; a dash where there was nothing."""
        before = self.beside.get(present.keys[0]) if present.keys[0] is not None else None
        is_rate = self.answer.question.measure.is_rate
        return change(present, before or Group((), 0, 0, None), is_rate)


def former_of(found: Answer, reach: Scope, now: datetime) -> Former | None:
    """The year before of an answer by day, week or month alone; None for others, and when cases don't reach back so far."""
    question = found.question
    if len(question.by) != 1 or question.by[0].code not in TIMES:
        return None
    code = question.by[0].code
    earlier = replace(question, first=_earlier(code, question.first), last=_earlier(code, question.last))
    if not begins(earlier.first):
        return None
    former = answer(earlier, reach, now)
    known: dict[Any, Group] = {group.keys[0]: group for group in former.groups}
    days = [group.keys[0] for group in found.groups if group.keys[0] is not None]
    return Former(former, {day: known[_earlier(code, day)] for day in days if _earlier(code, day) in known})


def _earlier(code: str, day: date) -> date:
    """The same date a year before; of weeks the same weekday, 52 weeks before."""
    return day - WEEKS_A_YEAR if code == "week" else a_year_before(day)
