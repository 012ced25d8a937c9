"""The rules as a table: each names what must agree and gives the pairs to compare; one place compares and words it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..reading.parts import Document
from . import money, narrative, numbering, own_words, promises
from .pairs import Pair


@dataclass(frozen=True)
class Rule:
    """What must agree, in words for the reader of the finding, and the pairs of a document that it compares."""

    code: str
    words: str
    pairs: Callable[[Document], Iterable[Pair]]


SHOULD = "。应当："
"""Between what the two places say and what must agree."""


@dataclass(frozen=True)
class Disagreement:
    """Two places that say different things."""

    rule: str
    words: str
    lines: tuple[int, ...]


RULES: tuple[Rule, ...] = (
    Rule("units", "各表的金额单位相同", money.units),
    Rule("items_sum", "项目支出明细之和等于项目当年预算", money.items_and_budget),
    Rule("sources_total", "资金来源合计等于项目当年预算", money.sources_and_budget),
    Rule("sources_sum", "各资金来源之和等于其合计", money.sources_and_their_sum),
    Rule("sources_asked", "申请当年预算拨款等于一般公共预算财政拨款", money.asked_of_sources),
    Rule("purchases_within", "项目采购之和不超过项目当年预算", money.purchases_within_budget),
    Rule("change_said", "当年预算减上年预算等于所说的增减", money.change_and_budgets),
    Rule("former_named", "前两年预算各说一年", money.former_years_named),
    Rule("years_total", "项目总预算等于起始年度以来各年预算之和", money.total_and_years),
    Rule("years_span", "当年在起始年度与终止年度之间", money.year_within_span),
    Rule("projects_sum", "各项目当年预算之和等于特定目标类项目支出", money.projects_and_department),
    Rule("groups_sum", "各类项目本年度预算之和等于特定目标类项目支出", money.groups_and_department),
    Rule("funds_sum", "收入、支出各构成之和等于其合计，三年都是", money.funds_and_their_sum),
    Rule("income_is_spending", "收入合计等于支出合计", money.income_and_spending),
    Rule("shares", "占比等于当年金额除以合计", money.shares),
    Rule("general_budget", "各项目一般公共预算拨款之和等于财政拨款减基本支出", money.general_budget),
    Rule("own_money", "部门财政专户管理资金和单位资金等于各项目的", money.own_money),
    Rule("groups_total", "各类项目总预算之和等于各项目总预算之和", money.group_totals),
    Rule("former_years", "各项目前两年预算之和不超过特定目标类项目支出当年的", money.former_years),
    Rule("narrative_totals", "情况说明中的金额等于表中金额", narrative.totals),
    Rule("narrative_changes", "情况说明中的增减额和增减率与两年金额一致", narrative.changes),
    Rule("narrative_parts", "情况说明中各构成之和等于其合计", narrative.parts),
    Rule("narrative_shares", "情况说明中的占比等于金额除以合计", narrative.shares),
    Rule("narrative_years", "情况说明说的是本年度", narrative.years),
    Rule("narrative_listed", "情况说明所列项目之和不超过项目支出", narrative.listed),
    Rule("narrative_namesakes", "情况说明中的专项经费等于同名项目的当年预算", narrative.namesakes),
    Rule("narrative_projects", "情况说明中各项目的金额等于其申报表", narrative.projects),
    Rule("purchases_sum", "政府采购合计等于各项目采购之和，货物、工程、服务分类也是", narrative.purchases),
    Rule("cost_targets", "成本指标的金额等于项目预算，前两年也是", promises.costs),
    Rule("long_and_annual", "同一指标的长期目标与年度目标一致", promises.long_and_annual),
    Rule("department_and_project", "部门整体指标与同名项目指标一致", promises.department_and_project),
    Rule("dates", "年底的日期和年度目标说的是当年和前两年", promises.dates),
    Rule("direction", "指标的方向合乎其含义", promises.directions),
    Rule("goals_listed", "整体绩效总目标所列与各指标表的标题一致", promises.listed),
    Rule("amounts_in_words", "文字中申请、共计的金额等于当年预算", own_words.wanted),
    Rule("amounts_in_narrative", "情况说明中项目申请、共计的金额等于当年预算", own_words.wanted_in_narrative),
    Rule("amounts_at_least", "不少于的金额不超过当年预算", own_words.at_least),
    Rule("repeated_in_words", "情况说明与申报表文字中的同一数量一致", own_words.repeated),
    Rule("costs_in_words", "文字中某项费用等于测算它的明细之和", own_words.costs),
    Rule("contracts_within", "往年合同总价不超过该年预算", own_words.contracts),
    Rule("counts_in_words", "文字中的期数、篇数等于指标值", own_words.counts),
    Rule("goals_in_words", "目标文字中的数量等于同单位的指标值", own_words.goals),
    Rule("numbering", "目标编号从 1 起连续", numbering.goals),
    Rule("project_codes", "项目编码不重复", numbering.project_codes),
    Rule("activity_codes", "明细的项目活动编码是本项目的编码", numbering.activity_codes),
    Rule("headings", "标题编号连续", numbering.headings),
    Rule("economic_codes", "同一支出经济分类编码名称相同", numbering.economic_codes),
)


def disagreements(document: Document, rules: Iterable[Rule] = RULES) -> list[Disagreement]:
    """What doesn't agree, by rule and then by place."""
    return [found for rule in rules for found in _broken(rule, document)]


def _broken(rule: Rule, document: Document) -> Iterator[Disagreement]:
    for pair in rule.pairs(document):
        if not pair.agrees:
            facts = f"{pair.subject}{pair.left.words} {pair.left.value}，{pair.right.words} {pair.right.value}"
            yield Disagreement(
                rule.code, f"{facts}{_hint(pair)}{SHOULD}{rule.words}", (pair.left.line, pair.right.line)
            )


def _hint(pair: Pair) -> str:
    """元 written for 万元, or the other way round, is told by the factor."""
    left, right = pair.left.value, pair.right.value
    if isinstance(left, Decimal) and isinstance(right, Decimal) and right and left in (right * 10_000, right / 10_000):
        return "（相差一万倍，像是元与万元写混了）"
    return ""
