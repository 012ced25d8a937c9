"""How cases were handled: rates, times, units."""

from qushu.insight.overview.definitions import MEASURES

from ..book import name_of
from ..content import LEFT, RIGHT, Block, table, text
from ..facts import Fact
from .desk import Desk

RATES = ("acknowledge", "contact", "on_time", "solved", "satisfied", "return", "reopen")
LED = ("on_time", "solved", "satisfied")
UNITS = 10
UNIT_RATES = ("acknowledge", "on_time", "solved", "satisfied")


def rates(desk: Desk) -> list[Block]:
    """The rates of the assessment beside those before and of last year, what is open and what is overdue."""
    spans = [span for span in (desk.now, desk.former, desk.last_year) if span]
    found = [desk.book.several(RATES, span) for span in spans]
    measured = [number for number, fact in enumerate(found[0]) if fact.value is not None]
    if not measured:
        return []
    rows = [[MEASURES[RATES[number]].name, *_row(desk, [column[number] for column in found])] for number in measured]
    head = ["指标", "本期"]
    if desk.former:
        head += [desk.periods.former_words, "增减（百分点）"]
    if desk.last_year:
        head += ["去年同期", "增减（百分点）"]
    columns = [(1.8, LEFT), *[(1.3, RIGHT)] * (len(head) - 1)]
    said = text(*_said(desk), _waiting(desk))
    return [said, table("办理质效指标", columns, head, rows)] if len(rows) > 1 else [said]


def times(desk: Desk) -> list[Block]:
    """How long it took to resolve and to call back for the first time."""
    parts = []
    for words, middle, most in (("办结", "resolve_p50", "resolve_p90"), ("首次联系", "contact_p50", "contact_p90")):
        half, nearly = desk.book.asked(middle, desk.now), desk.book.asked(most, desk.now)
        if half.value is not None:
            parts.append(f"从受理到{words}，半数诉求不超过{half}小时，九成诉求不超过{nearly}小时")
    return [text(f"{'；'.join(parts)}。" if parts else "")]


def units(desk: Desk) -> list[Block]:
    """The units with most cases and how they did."""
    cut = desk.book.cut("count", desk.now, "unit")
    if len(cut.keys) < 2:
        return []
    found = [desk.book.cut(code, desk.now, "unit") for code in UNIT_RATES]
    shown = [one for one in found if any(one.fact(key).value is not None for key in cut.keys[:UNITS])]
    rows = [
        [name_of("unit", key), str(cut.fact(key)), *(str(rate.fact(key)) for rate in shown)] for key in cut.keys[:UNITS]
    ]
    columns = [(3, LEFT), (1.1, RIGHT), *[(1.5, RIGHT)] * len(shown)]
    return [
        table(
            "受理量较多的承办单位办理情况",
            columns,
            ["承办单位", "受理量", *(rate.question.measure.name for rate in shown)],
            rows,
        )
    ]


def _row(desk: Desk, facts: list[Fact]) -> list[str]:
    now, *before = facts
    return [str(now), *(cell for one in before for cell in (str(one), str(desk.book.made("points", now, one))))]


def _said(desk: Desk) -> list[str]:
    said = []
    for code in LED:
        fact = desk.book.asked(code, desk.now)
        if fact.value is None:
            continue
        before = (
            desk.shifted(fact, desk.book.asked(code, desk.former), desk.periods.former_words) if desk.former else ""
        )
        said.append(f"{MEASURES[code].name}{fact}{before}")
    return [f"{'；'.join(said)}。"] if said else []


def _waiting(desk: Desk) -> str:
    still, overdue = desk.book.several(("open", "overdue"), desk.now)
    if not still.number:
        return ""
    if overdue.number:
        desk.hear("overdue")
        return f"期内受理的诉求尚有{still}件在办，其中{overdue}件已超过办结时限。"
    return f"期内受理的诉求尚有{still}件在办，没有超过办结时限的。"
