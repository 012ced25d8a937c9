"""Figures of the process that a centre sets itself: what each counts, and which value counts at a moment. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from qushu.kernel.calendar import SHANGHAI, Spans

HOURS = "working_hours"
ALWAYS = datetime(2020, 1, 1, tzinfo=UTC)
"""From when the values of a fresh centre count; what lies before goes by them too."""


@dataclass(frozen=True)
class Kind:
    """What a limit is about: its name, what its number counts, the least and the most it may be, what follows from it.

    With `choices` (code → words) its value is a list of these codes, or NONE of them, instead of a number.
    """

    name: str
    unit: str
    least: int
    most: int
    about: str
    choices: Mapping[str, str] = field(default_factory=dict)


NONE = "none"
KINDS: dict[str, Kind] = {
    "return_days": Kind("申请退单", "个工作日", 0, 60, "派单后多少个工作日内可以申请退单，按派单时的值算"),
    "review_minutes": Kind("审核申请", "工作分钟", 1, 10_000, "退单、延期等申请多久内审核"),
    "returns_most": Kind("多次退单", "次", 1, 20, "退单达到几次，只有督办员可以指定承办单位；督办看板按它列出"),
    "extensions_most": Kind("延期次数", "次", 0, 20, "一件最多批准延期几次"),
    "extension_notice_days": Kind("延期提前", "个工作日", 0, 60, "须在到期前多少个工作日申请延期"),
    "extension_days": Kind("延期最长", "个工作日", 1, 250, "一次最多延多少个工作日"),
    "call_tries": Kind("回访未接通", "次", 1, 20, "几次未接通即按未联系上结案，不计入满意度"),
    "call_rest_minutes": Kind("再次拨打间隔", "分钟", 0, 10_080, "未接通后多久再出现在待回访里"),
    "leaders_reopenings": Kind("重办报领导", "次", 1, 20, "重办达到几次通知分管领导"),
    "repeat_cases": Kind("重复来电", "件", 2, 100, "同一来电人在下面的天数内达到几件，标为重复来电"),
    "repeat_days": Kind("重复来电统计", "天", 1, 366, "重复来电按多少天内的诉求算"),
    HOURS: Kind("工作时间", "", 0, 0, "工作日里哪几段时间上班；从某一天起改，跨过那天的期限前后各按各的算"),
}
"""By code, in the order in which they are shown; rooms above put theirs in when Django starts."""


@dataclass(frozen=True)
class Limits:
    """The values of each limit with the moment from which each counts, ascending."""

    rows: Mapping[str, tuple[tuple[datetime, str], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, datetime, str]]) -> "Limits":
        """From (code, since when, value), in any order."""
        sorted_rows: dict[str, list[tuple[datetime, str]]] = {}
        for code, since, value in sorted(rows):
            sorted_rows.setdefault(code, []).append((since, value))
        return cls({code: tuple(values) for code, values in sorted_rows.items()})

    def at(self, code: str, moment: datetime) -> int:
        """The number that counts at the moment; before the first value began, that one. KeyError for an unknown code."""
        return int(self.value_at(code, moment))

    def value_at(self, code: str, moment: datetime) -> str:
        """Like `at`, as it is written."""
        values = self.rows[code]
        return next((value for since, value in reversed(values) if since <= moment), values[0][1])

    def hours(self) -> list[tuple[datetime, Spans]]:
        """The working hours, each with the moment from which they count, ascending."""
        return [(since, spans_of(value)) for since, value in self.rows[HOURS]]


def spans_of(text: str) -> Spans:
    """Working spans written 09:00-12:00 14:00-17:30. ValueError when they aren't, or aren't ascending and apart."""
    for sign in "–—~～至":
        text = text.replace(sign, "-")
    for sign in "、，,；;":
        text = text.replace(sign, " ")
    spans = tuple(_span(one) for one in text.replace("：", ":").split())
    points = [point for span in spans for point in span]
    if not points or points != sorted(set(points)):
        raise ValueError(f"working spans must be ascending and apart: {text}")
    return spans


def spans_words(spans: Spans) -> str:
    """Working spans as a table keeps them: 09:00-12:00 14:00-17:30."""
    return " ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)


def value_words(code: str, value: str) -> str:
    """A value with what it counts: 2 次; 09:00–12:00、14:00–17:30."""
    if code == HOURS:
        return value.replace("-", "–").replace(" ", "、")
    if choices := KINDS[code].choices:
        return "、".join(choices.get(one, one) for one in listed(value)) or "无"
    return f"{value} {KINDS[code].unit}"


def listed(value: str) -> list[str]:
    """The codes of a value that is a list."""
    return [] if value == NONE else value.split()


def list_of(codes: Iterable[str], choices: Mapping[str, str]) -> str:
    """A value of these codes or words, in the order of the choices. ValueError for one that isn't among them."""
    by_words = {words: code for code, words in choices.items()}
    wanted = {by_words.get(one, one) for one in codes}
    if not wanted <= set(choices):
        raise ValueError(f"not among the choices: {wanted - set(choices)}")
    return " ".join(code for code in choices if code in wanted) or NONE


def is_midnight(moment: datetime) -> bool:
    """Whether a day begins at the moment in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).time() == time()


def _span(text: str) -> tuple[time, time]:
    opens, closes = text.split("-")
    return time.fromisoformat(opens.zfill(5)), time.fromisoformat(closes.zfill(5))
