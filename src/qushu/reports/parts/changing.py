"""主要变化: what changed beyond chance, by the rules of findings, and who caused it."""

from collections.abc import Iterator, Sequence
from typing import Any

from qushu.insight.overview.cutting import Group
from qushu.insight.overview.definitions import MEASURES

from ..book import Cut, counted_name, name_of
from ..changes import Change, main_cause, rate_strength, significant
from ..content import Block, text
from ..models import FindingRule
from .desk import Desk

CAUSES = {
    "category1": ("street", "unit"),
    "category2": ("street", "unit"),
    "category3": ("street", "unit"),
    "street": ("category2", "community"),
    "community": ("category2",),
    "unit": ("category2", "street"),
    "channel": ("category2",),
    "kind": ("category2",),
}
"""Where the cause of a change is looked for."""
LED = {
    "street": "{}诉求",
    "community": "{}诉求",
    "unit": "{}承办的诉求",
    "channel": "来自{}的诉求",
}
"""How a finding on cases begins, by dimension; the others are kinds of cases."""


def findings(desk: Desk) -> list[Block]:
    """A paragraph for each finding; plainly none when chance explains everything, or when there is nothing to compare.

    What the whole report is about (the one category, street or matter of its scope) is no finding beside itself.
    """
    if not desk.former:
        return [text("前期没有完整数据，不判断变化。")]
    if not desk.book.asked("count", desk.former).number:
        return [text(f"{desk.periods.former_words}没有这类诉求，不判断变化。")]
    found: list[Block] = []
    for rule in desk.rules:
        found += _of_counts(desk, rule) if rule.measure == "count" else _of_rates(desk, rule)
    if not found:
        return [text(f"与{desk.periods.former_words}相比，各类别、街道、单位没有超出偶然波动的变化。")]
    return found


def _of_counts(desk: Desk, rule: FindingRule) -> list[Block]:
    assert desk.former  # looked at before
    now, before = (desk.book.cut("count", span, rule.dimension) for span in (desk.now, desk.former))
    found = significant(now.wholes, before.wholes, desk.ratio, float(rule.strength), rule.least, rule.most)
    everything = tuple(int(desk.book.asked("count", span).number) for span in (desk.now, desk.former))
    told = [one for one in found if not desk.book.filters or (one.now, one.before) != everything]
    return [_told(desk, now, before, one) for one in told]


def _told(desk: Desk, now: Cut, before: Cut, change: Change) -> Block:
    code = now.question.by[0].code
    name = name_of(code, change.key)
    up = change.strength > 0
    desk.hear("up" if up else "down", code, change.key, name)
    pair = now.fact(change.key), before.fact(change.key)
    if change.now:
        said = f"受理{pair[0]}件{desk.moved(*pair, desk.periods.former_words)}"
    else:
        said = f"本期没有受理，{desk.periods.former_words}受理{pair[1]}件"
    said += _contribution(desk, change, pair)
    causes = "".join(_causes(desk, code, change, pair))
    return text(
        f"{said}。",
        causes,
        lead=f"{LED.get(code, '“{}”类诉求').format(name)}{'增加' if up else '减少'}。",
    )


def _contribution(desk: Desk, change: Change, pair: tuple[Any, Any]) -> str:
    """What it contributes to the change of all, where both went the same way."""
    assert desk.former
    whole = desk.book.asked("count", desk.now), desk.book.asked("count", desk.former)
    difference = int(whole[0].number - whole[1].number)
    if difference * change.difference <= 0 or abs(difference) < abs(change.difference):
        return ""
    share = desk.book.made("contribution", *pair, *whole)
    return f"，占{desk.where}{'增加' if difference > 0 else '减少'}件数的{share}"


def _causes(desk: Desk, code: str, change: Change, pair: tuple[Any, Any]) -> Iterator[str]:
    """Who within it moved most: 其中，…增加…件（占该项增加件数的…）; who moved more than the whole did is held against the rest."""
    assert desk.former
    if not change.difference:
        return
    told = []
    for inner in CAUSES.get(code, ()):
        narrowed = (code, str(change.key))
        now, before = (desk.book.cut("count", span, inner, narrowed) for span in (desk.now, desk.former))
        key = main_cause(now.wholes, before.wholes, change.difference)
        if key is None:
            continue
        inside = now.fact(key), before.fact(key)
        difference = desk.book.made("difference", *inside)
        verb, other = ("增加", "减少") if change.difference > 0 else ("减少", "增加")
        if abs(difference.number) > abs(change.difference):
            beside = f"其余合计{other}{desk.book.made('rest', *inside, *pair).size}件"
        else:
            beside = f"占该项{verb}件数的{desk.book.made('contribution', *inside, *pair)}"
        told.append(f"{counted_name(inner, key)}{verb}{difference.size}件（{beside}）")
    if told:
        yield f"其中，{'，'.join(told)}。"


def _of_rates(desk: Desk, rule: FindingRule) -> list[Block]:
    assert desk.former
    now, before = (desk.book.cut(rule.measure, span, rule.dimension) for span in (desk.now, desk.former))
    moved = []
    for key in now.keys:
        groups = now.groups[key], before.groups.get(key)
        if groups[1] is None or min(groups[0].whole, groups[1].whole) < rule.least:
            continue
        strength = rate_strength(groups[0].part, groups[0].whole, groups[1].part, groups[1].whole)
        if abs(strength) >= float(rule.strength):
            moved.append((-abs(strength), str(key), key, strength))
    return [_rate_told(desk, now, before, key, strength) for _, _, key, strength in sorted(moved)[: rule.most]]


def _rate_told(desk: Desk, now: Cut, before: Cut, key: Any, strength: float) -> Block:
    code, measure = now.question.by[0].code, MEASURES[now.question.measure.code]
    name, up = name_of(code, key), strength > 0
    less_is_better = measure.code in ("return", "reopen")
    good = up != less_is_better
    if not good or leads(now.groups[key], list(now.groups.values()), less_is_better):
        desk.hear("better" if good else "worse", code, key, name)
    said = f"{measure.name}{now.fact(key)}{desk.shifted(now.fact(key), before.fact(key), desk.periods.former_words)}。"
    return text(said, lead=f"{name}{measure.name}{'提高' if up else '下降'}。")


def leads(one: Group, everybody: Sequence[Group], less_is_better: bool) -> bool:
    """Whether a rate is at least as good as that of all together: from who is worse than that, others learn nothing."""
    mine = one.part * sum(other.whole for other in everybody)
    theirs = sum(other.part for other in everybody) * one.whole
    return mine <= theirs if less_is_better else mine >= theirs
