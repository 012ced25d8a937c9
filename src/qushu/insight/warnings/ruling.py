"""Rules of warnings: defaults by kind, what each figure means, clocks, levels, and what an answer changes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .settings import Settings


@dataclass(frozen=True)
class Ruling:
    """The figures of a rule."""

    least: int
    ratio: float
    hours: int
    a_week: float
    answer_minutes: int
    roles: tuple[str, ...]


DEFAULTS: dict[str, Ruling] = {
    "surge": Ruling(6, 2.0, 72, 0.1, 120, ("supervisor", "leader")),
    "new_word": Ruling(8, 4.0, 24, 0.1, 480, ("analyst",)),
    "matter": Ruling(8, 2.0, 72, 0.1, 240, ("supervisor", "leader")),
    "repeat": Ruling(5, 1.0, 168, 0.1, 480, ("supervisor",)),
    "safety": Ruling(1, 1.0, 2, 0.1, 30, ("supervisor", "leader")),
    "traffic": Ruling(1, 1.0, 2, 0.1, 30, ("supervisor", "leader")),
    "silence": Ruling(10, 1.0, 6, 0.1, 120, ("supervisor", "administrator")),
    "forecast": Ruling(20, 1.0, 24, 0.1, 480, ("analyst",)),
    "late": Ruling(20, 2.0, 24, 0.1, 240, ("supervisor",)),
}
"""Our defaults: no published figures for warnings of a hotline were found; RULES §4 names the kinds of emergency."""

MEANINGS: dict[str, dict[str, str]] = {
    "surge": {
        "least": "蓝色预警至少几件；黄、橙、红色分别为其 5/3、10/3、20/3 倍",
        "ratio": "至少为预期的几倍",
        "hours": "最长看多少小时（1、3、6、12、24、72 小时中不超过它的都看）",
        "a_week": "蓝色级别全区每周最多允许几次误报；黄、橙、红色为其 1/5、1/100、十万分之一",
    },
    "new_word": {
        "least": "一个从未常用的词，时间窗内至少出现在几件中",
        "ratio": "至少为以往同长时间的几倍",
        "hours": "看最近多少小时",
        "a_week": "每周最多允许几次误报",
    },
    "matter": {
        "least": "时间窗内至少多少个不同号码加入同一事项；黄、橙、红色分别为其 2、4、8 倍，有过激言词至少为黄色",
        "ratio": "至少为这个事项此前同长时间平均人数的几倍",
        "hours": "看最近多少小时",
    },
    "repeat": {"least": "同一人同一类别至少几件", "hours": "在多少小时内"},
    "safety": {"least": "至少几件（1 即一件就预警）", "hours": "同一社区多少小时内的件并入同一预警"},
    "traffic": {"least": "至少几件（1 即一件就预警）", "hours": "同一社区多少小时内的件并入同一预警"},
    "silence": {"least": "时间窗内预期至少几件而一件也没有", "hours": "看最近多少小时"},
    "forecast": {"least": "一天至少几件才比较", "a_week": "预测区间之外每周允许几天（全部类别合计）"},
    "late": {"least": "时间窗内至少几件到期未办结", "ratio": "至少为该单位日均办结量的几倍", "hours": "看今后多少小时"},
}

LEVEL_LEAST = (1.0, 5 / 3, 10 / 3, 20 / 3)
LEVEL_ODDS = (1.0, 0.2, 0.01, 0.00001)
WINDOWS = (1, 3, 6, 12, 24, 72)

COUNTED = ("matter", "repeat", "new_word", "silence", "late")
"""Kinds that ask for a number of cases; surges ask for odds."""
TUNED = ("surge", *COUNTED)
TOLD_SEASON = 1.2
"""From what rise of last year on the ground speaks of it."""
FALSE_STEP = 4.0
TRUE_STEP = 0.5
MOST_FACTOR = 256.0
LEAST_FACTOR = 0.25


def surge_settings(least: int, ratio: float, hours: int, a_week: float, scales: Mapping[str, float]) -> Settings:
    """What the rule asks, as the method takes it; ``scales`` by series name from what people answered."""
    return Settings(
        windows=tuple(window for window in WINDOWS if window <= hours) or (1,),
        a_week=tuple(a_week * odds for odds in LEVEL_ODDS),
        least=tuple(round(least * more) for more in LEVEL_LEAST),
        ratio=ratio,
        scales=dict(scales),
    )


def tuned(kind: str, factor: float, outcome: str) -> float:
    """The factor after an answer: a false alarm makes the series four times as strict, a true one half; within bounds.

    A known matter (known) is no error of the method: it changes nothing. Emergencies and forecasts aren't tuned: one false
    alarm of a fire must not hide the next. What is counted is never looser than the rule's own least.
    """
    if kind not in TUNED:
        return 1.0
    step = {"false": FALSE_STEP, "true": TRUE_STEP}.get(outcome, 1.0)
    return min(MOST_FACTOR, max(1.0 if kind in COUNTED else LEAST_FACTOR, factor * step))


def needed(least: int, factor: float) -> float:
    """How many a tuned series of a counted kind needs: a series four times as strict needs twice as many."""
    return float(least * factor**0.5)


def tuning_words(kind: str, factor: float, false: int, true: int) -> str:
    """Why a series is looked at more or less strictly, in one sentence; empty when it is as the rule says."""
    if factor == 1.0:
        return ""
    heard = f"人工判定误报 {false} 次、属实 {true} 次"
    if kind in COUNTED:
        return f"{heard}，此序列的最少件数按规则的 {needed(1, factor):g} 倍计。"
    if factor > 1:
        return f"{heard}，此序列的门槛已收紧 {factor:g} 倍（最多 {MOST_FACTOR:g} 倍）。"
    return f"{heard}，此序列的门槛已放宽到 {factor:g}（最低 {LEAST_FACTOR:g}）。"


def answer_due(raised: datetime, minutes: int, level: int) -> datetime:
    """When an acknowledgement is due (aware): the rule's minutes for blue and yellow, half for orange, a quarter for red."""
    share = {2: 2, 3: 4}.get(level, 1)
    return raised + timedelta(minutes=max(5, minutes // share))


def emergency_level(cases: int, major: bool, urgent: bool) -> int:
    """Red: a major word in a case marked urgent, or three cases; orange: one of the two; else yellow (a standing hazard)."""
    return 3 if cases >= 3 or (major and urgent) else 2 if major or urgent else 1


def count_level(observed: float, least: float) -> int:
    """A level by how far a count is beyond what the rule asks: twice yellow, four times orange, eight times red."""
    return sum(observed >= least * times for times in (2, 4, 8))


def span_words(hours: int) -> str:
    """72 → 3 天, 6 → 6 小时."""
    return f"{hours // 24} 天" if hours >= 48 and hours % 24 == 0 else f"{hours} 小时"


def surge_ground(
    place: str, matter: str, hours: int, observed: int, expected: float, by_chance: float, season: float = 1.0
) -> str:
    """One sentence with the numbers: what, where, how many against how many, what last year's season added, and how unlikely."""
    usual = f" {expected:.1f}" if expected >= 0.1 else "不到 0.1"
    times = f"（{observed / expected:.0f} 倍）" if expected >= 0.5 else ""
    risen = f"，去年同期升高到平时的 {season:.1f} 倍，已计入" if season >= TOLD_SEASON else ""
    years = 1 / max(by_chance, 1e-12) / 52
    rare = "一百年以上" if years > 100 else f"约 {years:.0f} 年" if years >= 1 else f"约 {max(1, round(years * 52))} 周"
    return f"{place}“{matter}” {span_words(hours)}内 {observed} 件，按近八周、星期和时段预期{usual} 件{times}{risen}；全区所有序列中，偶然出现这样的情况{rare}才有一次。"


def emergency_ground(place: str, words: Sequence[str], numbers: Sequence[str]) -> str:
    """One sentence for an emergency: where, what words, which cases."""
    more = f"等 {len(numbers)} 件" if len(numbers) > 1 else ""
    return f"{place or '地点待核实'}：诉求 {numbers[0]}{more}提到“{'”“'.join(words[:4])}”，请立即核实并联动处置。"
