"""A document that agrees with itself is silent; every planted error is found, with both places."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.ledger.checking.pairs import percent, printed
from qushu.ledger.checking.rules import RULES, disagreements
from qushu.ledger.reading.document import read_document
from qushu.ledger.reading.files import text_of

from .made_document import made_document
from .made_full import full_document
from .test_reading import REAL


def found(text: str) -> list[str]:
    return sorted({one.rule for one in disagreements(read_document(text))})


def test_a_document_that_agrees_says_nothing() -> None:
    assert found(made_document()) == []


PLANTED = {
    "an amount of a line item": (made_document(network={"item": "79"}), ["items_sum"]),
    "元 for 万元": (made_document(network={"item": "800000"}), ["items_sum"]),
    "a source": (made_document(network={"sources": "81"}), ["general_budget", "sources_total"]),
    "a purchase above the budget": (made_document(network={"purchase": "90"}), ["purchases_within"]),
    "a change that is not the difference": (made_document(network={"change": "增加 12 万元。"}), ["change_said"]),
    "a total": (made_document(network={"total": "160"}), ["groups_total", "years_total"]),
    "a share": (made_document().replace("人员类项目支出 60 30%", "人员类项目支出 60 33%"), ["shares"]),
    "an income line": (made_document().replace("单位资金 0 0% 0 0", "单位资金 2 1% 0 0"), ["funds_sum", "own_money"]),
    "a missing line": (made_document().replace("人员类项目支出 60 30% 50 40\n", ""), ["funds_sum"]),
    "a group": (made_document().replace("本级支出项目 230 120", "本级支出项目 230 110"), ["groups_sum"]),
    "a project's code twice": (
        made_document(hotline={"code": "42010524031T000000201", "code_after": "T000000201"}),
        ["project_codes"],
    ),
    "an operator turned round": (
        made_document().replace("路故障满意度\n≥ 85%", "路故障满意度\n≤ 85%"),
        ["direction"],
    ),
    "the narrative's total": (made_document().replace("部门收入预算 200", "部门收入预算 210"), ["narrative_changes", "narrative_totals"]),
    "the narrative's rate": (made_document().replace("增长 11.1%", "增长 21.1%"), ["narrative_changes"]),
    "the narrative's change": (made_document().replace("20 万元，增长 11.1%", "30 万元，增长 17.6%"), ["narrative_changes"]),
    "a goal's number": (made_document().replace("长期绩效目标 1 网络通畅", "长期绩效目标 2 网络通畅"), ["numbering"]),
    "a long-term value": (made_document().replace("全年完成月报数量 12 篇", "全年完成月报数量 ≤ 12 篇"), ["direction"]),
    "a year outside the span": (made_document().replace("终止年度 2026", "终止年度 2024"), ["years_span"]),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_error_is_found(planted: str) -> None:
    text, rules = PLANTED[planted]
    assert found(text) == rules


def test_a_full_document_that_agrees_says_nothing_and_gives_every_rule_something_to_compare() -> None:
    document = read_document(full_document())
    assert disagreements(document) == []
    assert [rule.code for rule in RULES if not list(rule.pairs(document))] == []


FULL = full_document()
PLANTED_IN_WORDS = {
    "a class of the spending": ("事务支出 117 万元", "事务支出 120 万元", "narrative_parts", "123，说明中项目支出 120"),
    "a part of the income": ("拨款收入 200\n\n万元，占", "拨款收入 190\n\n万元，占", "narrative_parts", "190"),
    "the public projects": ("基本支出 80 万元，项目支出 120", "基本支出 80 万元，项目支出 115", "narrative_totals", "项目支出 115"),
    "another income": ("其他收入 0 万元", "其他收入 5 万元", "narrative_totals", "其他收入 5"),
    "the running costs": ("公用经费 20 万元", "公用经费 25 万元", "narrative_parts", "人员经费 60、公用经费 25 之和 85"),
    "a share of the narrative": ("项目支出 120 万元，占 60%", "项目支出 120 万元，占 66.2%", "narrative_shares", "占比 % 66.2"),
    "元 for 万元 in the narrative": ("公用经费 20 万元", "公用经费 200000 万元", "narrative_totals", "元与万元"),
    "元 written for 万元 in the narrative": ("公用经费 20 万元", "公用经费 20 元", "narrative_totals", "元与万元"),
    "亿元 written for 万元": ("预算支出合计 120 万元", "预算支出合计 120 亿元", "purchases_sum", "采购合计 1200000"),
    "元 in a change": ("增加 10 万元，增长\n\n14.29%", "增加 10 元，增长\n\n14.29%", "narrative_changes", "14.29"),
    "元 in a form's words": ("申请建设经费 80 万元", "申请建设经费 80 元", "amounts_in_words", "元与万元"),
    "元 in a cost target": ("≤\n70 万\n元\n\n≤\n80万\n\n元", "≤\n70 万\n元\n\n≤\n80\n\n元", "cost_targets", "元与万元"),
    "元 in a former cost": ("60 万元\n≤\n70", "60 元\n≤\n70", "cost_targets", "元与万元"),
    "元 over a form": ("单位：万元\n\n项目名称\n\nOA", "单位：元\n\n项目名称\n\nOA", "units", "金额单位 元"),
    "元 of a former year": ("预算安排为 60 万元", "预算安排为 60 元", "cost_targets", "元与万元"),
    "the year of the narrative": ("2025 年部门支出预算", "2024 年部门支出预算", "narrative_years", "2024"),
    "the year of a title": ("2025 年部门预算情况说明", "2024 年部门预算情况说明", "narrative_years", "标题中的年度 2024"),
    "what is asked for this year": ("其中：申请当年预算拨款 40", "其中：申请当年预算拨款 30", "sources_asked", "30"),
    "a former year's number": ("2023 年的预算安排为 60", "2024 年的预算安排为 60", "former_named", "2024、2024，应为 2023、2024"),
    "a share of the whole": ("合 计 200 100% 180 170\n\n支出", "合 计 200 99% 180 170\n\n支出", "shares", "合计占比 % 99"),
    "a part of the staff's costs": ("工资福利支出 60 万元", "工资福利支出 50 万元", "narrative_parts", "50"),
    "an amount in a listed project's words": ("需网络费 80 万元", "需网络费 90 万元", "amounts_in_narrative", "说明中 90"),
    "an amount that is no least": ("资金不少于 5 万元", "资金不少于 500 万元", "amounts_at_least", "500"),
    "a number told twice": ("全区 12 个政务网点", "全区 13 个政务网点", "repeated_in_words", "13，立项依据 12"),
    "a year's end": ("2023 年底 2024 年底 2025年底", "2023 年底 2024 年底 2026年底", "dates", "2026，应为 2025"),
    "a former year's end": ("2023 年底 2024 年底", "2022 年底 2024 年底", "dates", "2022，应为 2023"),
    "the year of a goal": ("完成2025 年网络", "完成2024 年网络", "dates", "年度目标的年度 2024"),
    "the year compared with": ("支出预算 200 万元，比 2024 年", "支出预算 200 万元，比 2023 年", "narrative_changes", "2023"),
    "a listed project above its class": ("1.通信链路租赁费 80 万元", "1.网络 130 万元", "narrative_listed", "150"),
    "a listed project": ("1.通信链路租赁费 80 万元", "1.通信链路租赁费 70 万元", "narrative_projects", "70"),
    "a namesake": ("通信链路租赁经费 80 万元", "通信链路租赁经费 50 万元", "narrative_namesakes", "50"),
    "a kind of purchase": ("服务类 120 万元", "服务类 110 万元", "purchases_sum", "服务类 110"),
    "an amount applied for": ("申请建设经费 80 万元", "申请建设经费 90 万元", "amounts_in_words", "立项依据中 90"),
    "a cost in words": ("设备租用费约为 80", "设备租用费约为 60", "costs_in_words", "设备租用费 60"),
    "a contract above its budget": ("合同总价为 69.5", "合同总价为 71", "contracts_within", "71"),
    "a count in words": ("月报 12 期", "月报 11 期", "counts_in_words", "月报 11"),
    "a goal in words": ("写报告 12 篇", "写报告 10 篇", "goals_in_words", "10篇"),
    "a goal's words": ("目标 1：加强网站建设。\n\n", "目标 1：加强网络建设。\n\n", "goals_listed", "加强网络建设"),
    "a goal that is not listed": ("目标 1：加强网站建设。\n\n", "", "goals_listed", "没有这一目标"),
    "a heading": ("四、一般公共预算基本支出", "五、一般公共预算基本支出", "headings", "5"),
    "a missing section": ("(一)基本支出 80 万元，主要用于人员经费。\n", "", "headings", "2"),
    "an item of another project": ("T000000202\n\nOA", "T000000201\n\nOA", "activity_codes", "T000000201"),
    "a name of a classification": ("30214-租赁\n\n费\n40", "30214-劳务\n\n费\n40", "economic_codes", "劳务费"),
    "a total of kinds": ("230 120", "120 120", "groups_total", "120"),
    "money of its own": ("单位资金 0 0% 0 0", "单位资金 3 0% 0 0", "own_money", "3"),
    "a former year of all": ("110 110\n\n合", "100 110\n\n合", "former_years", "100"),
    "a former value": ("≥100 万 ≥110 万 ≥110 万\n\n每月", "≥90 万 ≥110 万 ≥110 万\n\n每月", "department_and_project", "部门整体前年 ≥ 90"),
    "a former value that is lacking": ("≥100 万 ≥110 万 ≥110 万\n\n每月", "无 ≥110 万 ≥110 万\n\n每月", "department_and_project", "部门整体前年 无"),
    "a value of the department": ("≥100 万 ≥110 万 ≥110 万\n\n每月", "≥100 万 ≥110 万 ≥120 万\n\n每月", "department_and_project", "120"),
    "an operator of the department": ("≥100 万 ≥110 万 ≥110 万\n\n每月", "≥100 万 ≥110 万 ≤110 万\n\n每月", "department_and_project", "部门整体 ≤ 110"),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED_IN_WORDS)
def test_an_error_planted_in_words_or_between_forms_is_found_where_it_stands(planted: str) -> None:
    there, instead, rule, words = PLANTED_IN_WORDS[planted]
    assert FULL.count(there) >= 1
    text = FULL.replace(there, instead, 1)
    mine = [one for one in disagreements(read_document(text)) if one.rule == rule]
    assert any(words in one.words for one in mine), mine
    lines = text.splitlines()
    changed = [number for number, (new, old) in enumerate(zip(lines, FULL.splitlines(), strict=False), 1) if new != old]
    near = range(changed[0] - 13, changed[0] + 6)  # a row of a table begins so many lines above its last cell
    assert any(line in near for one in mine for line in one.lines), (changed[0], mine)
    assert all(0 < line <= len(lines) for one in mine for line in one.lines)


MISSING = {
    "a purchase": ("C17010200 1 40\n", "", {"purchases_sum"}),
    "a source": ("一般公共预算财政拨款 40\n", "", {"general_budget", "narrative_totals"}),
    "a kind of project": ("专项业务类项目 本级支出项目 230 120", "专项业务类项目 本级支出项目 30 20", {"groups_sum", "groups_total"}),
    "a part of the costs": ("(二)公用经费 20 万元。\n", "", {"narrative_parts"}),
    "a class of the spending": ("其他农村支出 3 万元，主要用于：帮扶。\n", "", {"narrative_parts"}),
}  # fmt: skip


@pytest.mark.parametrize("missing", MISSING)
def test_a_missing_line_is_found(missing: str) -> None:
    there, instead, rules = MISSING[missing]
    assert there in FULL
    assert set(found(FULL.replace(there, instead, 1))) == rules


def test_a_table_for_a_goal_that_is_not_there_is_listed() -> None:
    document = read_document(FULL.replace("长期绩效目标1\n\n成本指标", "长期绩效目标2\n\n成本指标", 1))
    assert [one.words for one in document.unread if "没有对应的目标" in one.why] == ["目标 2"]


OTHER_MATTERS = {
    "an amount for several years": ("2025 年申请建设经费 80 万元", "三年共计申请经费 240 万元"),
    "a number of people": ("月报 12 期", "月报 12 期，服务人数预计为 5 万人次"),
    "basic spending of another budget": (
        "五、其他重要事项",
        "五、政府性基金预算支出安排\n\n2025 年政府性基金预算基本支出 7 万元。\n\n六、其他重要事项",
    ),
}


@pytest.mark.parametrize("other", OTHER_MATTERS)
def test_what_speaks_of_another_matter_is_no_finding(other: str) -> None:
    there, instead = OTHER_MATTERS[other]
    assert there in FULL
    assert found(FULL.replace(there, instead)) == []


def test_what_is_told_as_of_another_day_may_differ() -> None:
    instead = "截至 2024 年 11 月已有 13 个政务网点建设"
    assert found(FULL.replace("全区 12 个政务网点建设", instead)) == []


def test_a_missing_form_is_found() -> None:
    begin = FULL.rindex("部门项目申报表(含绩效目标)")
    rules = set(found(FULL[:begin] + FULL[FULL.index(" 第三部分") :]))
    assert {"projects_sum", "groups_total", "general_budget", "narrative_totals", "purchases_sum"} <= rules


def test_amounts_in_yuan_agree_with_the_same_in_wan_yuan() -> None:
    document = read_document(FULL)
    amounts = {one.code: (one.total, one.former, one.change.amount) for one in document.projects}
    in_yuan = FULL.replace("的预算安排为 60 万元", "的预算安排为 600000 元").replace(
        "故增加 10 万元", "故增加 100,000 元"
    )
    again = read_document(in_yuan.replace("公用经费 20 万元", "公用经费 200,000 元"))
    assert {one.code: (one.total, one.former, one.change.amount) for one in again.projects} == amounts
    assert disagreements(again) == []


def test_a_finding_names_both_places_and_values() -> None:
    (one,) = disagreements(read_document(made_document(network={"item": "79"})))
    assert "明细合计 79" in one.words
    assert "当年预算 80" in one.words
    assert all(line > 0 for line in one.lines)
    assert one.lines[0] != one.lines[1]


def test_a_factor_of_ten_thousand_is_told_as_a_mixed_unit() -> None:
    (one,) = disagreements(read_document(made_document(network={"item": "800000"})))
    assert "元与万元" in one.words


@given(
    st.decimals(0, 10**6, places=2),
    st.decimals("0.01", 10**6, places=2),
    st.integers(0, 2),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]),
)
def test_a_share_that_was_rounded_either_way_agrees(part: Decimal, whole: Decimal, places: int, way: str) -> None:
    share = (part / whole * 100).quantize(Decimal(1).scaleb(-places), way)
    assert abs(share - percent(part, whole)) <= printed(share)
    assert abs(share + Decimal(2).scaleb(-places) - percent(part, whole)) > printed(share)


def test_every_rule_is_named_once_and_says_what_must_agree() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.words for rule in RULES)


@pytest.mark.skipif(not REAL.exists(), reason="the real document lies in ../shared, which is not here")
class TestRealDocument:
    def test_it_disagrees_with_itself_in_nine_places_for_five_reasons(self) -> None:
        # 往来经费 (5): in no kind of project, money of the unit itself by the department's form, public by its own.
        unfunded = ["general_budget", "groups_sum", "narrative_totals", "narrative_totals", "own_money"]
        # The kinds' totals repeat this year's budgets; the classes of spending add up to 3 more than their sum;
        # 乡村振兴专项 is 5 in one place and 3 in another; hired labour is 255 in words and 264.5 in the line items.
        others = ["costs_in_words", "groups_total", "narrative_namesakes", "narrative_parts"]
        assert sorted(one.rule for one in disagreements(read_document(text_of(REAL)))) == sorted(unfunded + others)

    def test_findings_name_the_lines_in_which_their_values_stand(self) -> None:
        text = text_of(REAL)
        lines = text.splitlines()
        stand = {one.rule: [lines[line - 1] for line in one.lines] for one in disagreements(read_document(text))}
        assert [words in line for words, line in zip(("3万元", "972.12"), stand["narrative_parts"], strict=True)] == [
            True,
            True,
        ]
        assert [
            words in line for words, line in zip(("5万元", "当年预算 3"), stand["narrative_namesakes"], strict=True)
        ] == [True, True]
        assert "一般公共预算财政拨款 397.37" in stand["narrative_totals"][1]
        assert "单位资金 5" in stand["own_money"][0]

    @pytest.mark.parametrize("rule", [rule.code for rule in RULES])
    def test_every_rule_has_something_to_compare(self, rule: str) -> None:
        (one,) = [one for one in RULES if one.code == rule]
        assert list(one.pairs(read_document(text_of(REAL))))
