"""表12 部门项目申报表（含绩效目标）, one for each project."""

from collections.abc import Sequence
from decimal import Decimal

from ..models import Project
from ..versions.rules import Row, total
from .filing import Filing
from .grid import Cell, Grid
from .parts import Cells, heads, label, money, target_rows

WIDTHS = (1.4, 1.0, 1.1, 2.0, 1.3, 1.2, 1.3, 1.2)
CODE_LINE = 11
"""A project's code is longer than its column: it breaks where the forms break it."""
SOURCES = (
    ("一般公共预算财政拨款", "general"),
    ("政府性基金预算财政拨款", "fund"),
    ("国有资本经营预算财政拨款", "capital"),
    ("财政专户管理资金", "special"),
    ("单位资金", "own"),
)


def project_form(code: str, rows: Sequence[Row], filing: Filing) -> Grid:
    """The form of one project; `rows` are the project's own."""
    project = filing.projects.get(code)
    budget = total(rows)
    figures = {(code, "项目当年预算"): budget}
    body = [
        *_facts(code, rows, project, filing),
        _both("项目总预算", money(project.total if project else None, 3), "项目当年预算", money(budget, 3)),
        [label("项目前两年预算及当年预算变动情况", 1), Cell(_former(project, filing.year), 7)],
        *_sources(rows, code, figures),
        *_items(rows, code, filing, figures),
        *_purchases(code, filing),
        *_targets(code, filing),
    ]
    gaps = [] if project else ["公开文件里没有这个项目，立项依据、实施方案和绩效目标请补充"]
    if project and not filing.targets.get(code):
        gaps.append("没有绩效指标，请补充")
    return Grid(12, "部门项目申报表（含绩效目标）", WIDTHS, [], body, figures, gaps=gaps)


def _both(left: str, one: Cell, right: str, other: Cell) -> Cells:
    return [label(left), one, label(right), other]


def _facts(code: str, rows: Sequence[Row], project: Project | None, filing: Filing) -> list[Cells]:
    facts = project.facts if project else {}

    def said(name: str, usual: str = "", across: int = 3) -> Cell:
        return Cell(facts.get(name, usual), across)

    return [
        _both("项目名称", Cell(rows[0].project_name, 3), "项目编码", Cell(code, 3)),
        _both(
            "项目主管部门",
            said("项目主管部门", filing.department),
            "项目执行单位",
            said("项目执行单位", rows[0].unit_name),
        ),
        _both("项目负责人", Cell("", 3), "联系电话", Cell("", 3)),
        _both("单位地址", said("单位地址"), "邮政编码", said("邮政编码")),
        [label("项目属性"), said("项目属性", across=7)],
        [label("支出项目类别"), said("支出项目类别", across=7)],
        _both("起始年度", said("起始年度"), "终止年度", said("终止年度")),
        [label("项目立项依据"), Cell(project.ground if project else "", 7)],
        [label("项目实施方案"), Cell(project.plan if project else "", 7)],
    ]


def _former(project: Project | None, year: int) -> str:
    """The two former years' budgets and why this year's differs, in the words of the form."""
    if project is None:
        return ""
    said = [
        f"{at} 年的预算安排为 {_plain(amount)} 万元"
        for at, amount in ((year - 2, project.before), (year - 1, project.last))
        if amount is not None
    ]
    lines = [f"前两年预算安排情况：{'，'.join(said) or '无'}。", f"当年预算变动情况及理由：{project.change_words}"]
    return "\n".join(f"{number}.{line}" for number, line in enumerate(lines, start=1))


def _plain(yuan: Decimal) -> str:
    """An amount of 元 in 万元, as a sentence says it: 510, 339.54."""
    return f"{(yuan / 10_000).normalize():f}"


def _sources(rows: Sequence[Row], code: str, figures: dict[tuple[str, str], Decimal]) -> list[Cells]:
    lines: list[tuple[str, Decimal]] = [("合计", total(row for row in rows if row.source))]
    for words, fund in SOURCES:
        lines.append((words, total(row for row in rows if row.fund == fund)))
        if fund == "general":
            fresh = total(row for row in rows if row.fund == fund and not row.carried)
            lines.append(("其中：申请当年预算拨款", fresh))
    lines.append(("其中：使用上年度财政拨款结转", total(row for row in rows if row.carried)))
    figures[code, "资金来源合计"] = lines[0][1]
    head = [label("项目资金来源", 1, len(lines) + 1), *heads(("来源项目", 4), ("金额", 3))]
    return [head, *([Cell(words, 4), money(amount, 3)] for words, amount in lines)]


def _items(rows: Sequence[Row], code: str, filing: Filing, figures: dict[tuple[str, str], Decimal]) -> list[Cells]:
    figures[code, "支出明细合计"] = total(rows)
    found = [
        [label("项目支出明细测算", 8)],
        heads(
            ("项目活动", 1), ("活动内容表述", 2), ("支出经济分类", 1), ("金额", 1), ("测算依据及说明", 2), ("备注", 1)
        ),
    ]
    for row in rows:
        item = filing.items.get((code, row.economic_code))
        economic = "-".join(filter(None, (row.economic_code, row.economic_name)))
        found.append(
            [
                Cell("\n".join(filter(None, (code[:CODE_LINE], code[CODE_LINE:])))),
                Cell(item.activity if item else row.project_name, 2),
                Cell(economic or "（未填）"),
                money(row.amount),
                Cell(item.basis if item else "", 2),
                Cell(""),
            ]
        )
    return found


def _purchases(code: str, filing: Filing) -> list[Cells]:
    found = [[label("项目采购", 8)], heads(("品名", 4), ("数量", 2), ("金额", 2))]
    return found + [
        [Cell(one.catalogue_code, 4), Cell(f"{one.quantity.normalize():f}", 2, side="center"), money(one.amount, 2)]
        for one in filing.purchases.get(code, [])
    ]


def _targets(code: str, filing: Filing) -> list[Cells]:
    goals, targets = filing.goals.get(code, []), filing.targets.get(code, [])
    found = [[label("项目绩效总目标", 8)], heads(("名称", 2), ("目标说明", 6))]
    found += [[Cell(f"{one.get_scope_display()}绩效目标 {one.number}", 2), Cell(one.words, 6)] for one in goals]
    numbers = {(one.scope, one.words): one.number for one in goals}

    def leads(scope: str, words: str) -> list[str]:
        return [f"{words}绩效目标 {numbers.get((scope, one.goal), 1)}" for one in targets if one.scope == scope]

    long = [one for one in targets if one.scope == "long"]
    annual = [one for one in targets if one.scope == "annual"]
    found.append([label("长期绩效目标表", 8)])
    found.append(heads(("目标名称", 1), ("一级指标", 1), ("二级指标", 1), ("三级指标", 2), ("指标值", 2), ("指标值确定依据", 1)))  # fmt: skip
    found += target_rows(long, leads("long", "长期"), False, (1, 1, 1, 2, 2, 1))
    found.append([label("年度绩效目标表", 8)])
    found.append(heads(("目标名称", 1), ("一级指标", 1), ("二级指标", 1), ("三级指标", 1), ("前年", 1), ("上年", 1), ("预计当年实现", 1), ("指标值确定依据", 1)))  # fmt: skip
    found += target_rows(annual, leads("annual", "年度"), True, (1, 1, 1, 1, 1, 1, 1, 1))
    return found
