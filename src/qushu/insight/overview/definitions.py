"""多维分析: every dimension and every measure, each defined once. A line here is a new column of every table and chart.

SQL speaks of the columns of `lake.columns`. `{on}` is the day for which a measure counts a row, `{by}` the unit that answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qushu.cases.overdue import WORDS
from qushu.hotline.assessment.measures import MEASURES as ASSESSED
from qushu.hotline.assessment.measures import Measure as Assessed
from qushu.lake.columns import EXCLUDED, JUDGED, OTHERS, PART, PENDING, PENDING_EXCLUDED, RUNNING, code_column

ACCEPTED = "accepted_on"
"""The day by which the copy's files are parted into months."""


@dataclass(frozen=True)
class Dimension:
    """What rows are grouped and filtered by. `kind`: date, number or text; `in_order`: by its own order, not by size."""

    code: str
    name: str
    column: str
    kind: str = "number"
    in_order: bool = False


@dataclass(frozen=True)
class Measure:
    """A figure of a group of rows.

    `part` and `whole` are conditions on a row: a count is its whole; a rate is 100 × part ÷ whole; a middle is the
    `quantile` of the column `minutes` over the whole, in hours. The whole is what is `settled`, with every row of the
    part, and what runs on and is `late` at the moment, which is `{now}`. `rows` are the rows it speaks of at all (and
    those behind 剔除).
    """

    code: str
    name: str
    unit: str
    formula: str
    rows: str = "round = 0"
    settled: str = "true"
    late: str = "false"
    part: str = "false"
    excluded: str = "false"
    on: str = ACCEPTED
    by: str = "unit"
    minutes: str = ""
    quantile: float = 0.0

    @property
    def whole(self) -> str:
        """The condition on all of its rows."""
        return self.settled if self.late == "false" else f"({self.settled} OR ({self.late}))"

    @property
    def is_rate(self) -> bool:
        return self.unit == "%"

    @property
    def adds_up(self) -> bool:
        """Whether groups can be put together from their parts and wholes."""
        return not self.quantile


DIMENSIONS: dict[str, Dimension] = {
    one.code: one
    for one in (
        Dimension("day", "日", "{on}", "date", True),
        Dimension("week", "周", "date_trunc('week', {on})::DATE", "date", True),
        Dimension("month", "月", "date_trunc('month', {on})::DATE", "date", True),
        Dimension("year", "年", "year({on})", "number", True),
        Dimension("hour", "受理时刻", "hour", "number", True),
        Dimension("weekday", "受理星期", "weekday", "number", True),
        Dimension("channel", "渠道", "channel", "text"),
        Dimension("kind", "诉求类型", "kind", "text"),
        Dimension("urgency", "紧急程度", "urgency", "text"),
        Dimension("category1", "一级类别", "category1"),
        Dimension("category2", "二级类别", "category2"),
        Dimension("category3", "三级类别", "category3"),
        Dimension("street", "街道", "street"),
        Dimension("community", "社区", "community"),
        Dimension("unit", "承办单位", "{by}"),
        Dimension("state", "状态", "state", "text"),
        Dimension("result", "办理结果", "result", "text"),
        Dimension("satisfaction", "满意度", "satisfaction", "number", True),
        Dimension("reopenings", "重办次数", "reopenings", "number", True),
        Dimension("returns", "退单次数", "returns", "number", True),
        Dimension("supervision", "督办级别", "supervision", "number", True),
    )
}


def _assessed(code: str, one: Assessed) -> Measure:
    """A rate of the assessment over its own judgements: what runs on past its deadline counts as late."""
    column = code_column(code)
    past = f"{column}_due < {{now}}" if code in RUNNING else "false"
    return Measure(
        code,
        one.name,
        "%",
        one.formula,
        rows=f"{column} IS NOT NULL",
        settled=f"{column} IN ({OTHERS}, {PART})",
        late=f"{column} = {PENDING} AND {past}" if code in RUNNING else "false",
        part=f"{column} = {PART}",
        excluded=f"({column} = {EXCLUDED} OR ({column} = {PENDING_EXCLUDED} AND {past}))",
        on=f"{column}_on",
        by=f"{column}_by",
    )


def _middle(code: str, name: str, minutes: str, quantile: float, formula: str) -> Measure:
    return Measure(
        code,
        name,
        "小时",
        formula,
        settled=f"{minutes} IS NOT NULL",
        on="resolved_on" if minutes == "resolve_minutes" else ACCEPTED,
        minutes=minutes,
        quantile=quantile,
    )


_RUNS_LATE = f"{code_column('on_time')}_due < {{now}}"
_LATE = f"{code_column('on_time')} = {PENDING} AND {_RUNS_LATE}"
_OVERDUE = f"{code_column('on_time')} IN ({PENDING}, {PENDING_EXCLUDED}) AND {_RUNS_LATE}"
"""What the assessment leaves out is overdue all the same: as `cases.overdue` says it."""
MEASURES: dict[str, Measure] = {
    one.code: one
    for one in (
        Measure("count", "受理量", "件", "期内受理的件数（含已并单）"),
        Measure("open", "在办", "件", "期内受理、现在还没有结案的件数", settled="is_open"),
        Measure(
            "overdue",
            "现已超期",
            "件",
            f"期内受理、现在超期的件数（{WORDS}）",
            rows="true",
            settled="false",
            late=_OVERDUE,
        ),
        *(_assessed(code, ASSESSED[code]) for code in JUDGED),
        _middle("resolve_p50", "办结用时中位数", "resolve_minutes", 0.5, "受理到办结的自然时间，期内办结的件的中位数"),
        _middle(
            "resolve_p90", "办结用时九成位", "resolve_minutes", 0.9, "受理到办结的自然时间，期内办结的件九成不超过"
        ),
        _middle(
            "contact_p50",
            "首次联系用时中位数",
            "contact_minutes",
            0.5,
            "受理到首次联系的自然时间，期内受理的件的中位数",
        ),
        _middle(
            "contact_p90",
            "首次联系用时九成位",
            "contact_minutes",
            0.9,
            "受理到首次联系的自然时间，期内受理的件九成不超过",
        ),
    )
}

CONDITIONS: dict[str, tuple[str, str]] = {
    "open": ("在办", "is_open"),
    "late": ("办结已逾期", f"({code_column('on_time')} = {OTHERS} OR ({_LATE}))"),
    "reopened": ("重办过", "reopenings > 0"),
    "returned": ("退过单", "returns > 0"),
    "supervised": ("督办过", "supervision > 0"),
}
"""Filters that are on (`=1`) or off: name and condition."""


@dataclass(frozen=True)
class CaseSet:
    """Cases that another app put together under a number, as a filter: its word, its cases, what one is called."""

    word: str
    cases: Callable[[int], Sequence[int]]
    name: Callable[[int], str]


CASE_SETS: dict[str, CaseSet] = {}
"""Filters by the names that addresses use; apps of this room add theirs when Django starts (matters)."""
