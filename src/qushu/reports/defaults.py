"""What a new centre begins with: templates, rules of findings, advice. Ours; all of it is edited on the pages."""

from typing import Any

_FULL = """# 总体情况
## 受理情况
[受理总量]
[渠道构成]
[类型构成]
[受理走势]
## 办理情况
[办理质效]
[办理用时]
# 诉求特点
## 主要类别
[类别排行]
## 区域分布
[街道排行]
## 承办单位
[单位情况]
# 主要变化及原因
[主要变化]
# 预警情况
[预警情况]
# 群体诉求
[群体诉求]
# 典型案例
[典型案例]
# 工作建议
[工作建议]
[数据说明]
"""
_SHORT = """# 受理情况
[受理总量]
[受理走势]
# 办理情况
[办理质效]
# 主要变化
[主要变化]
# 预警情况
[预警情况]
# 群体诉求
[群体诉求]
# 工作建议
[工作建议]
[数据说明]
"""
TEMPLATES: dict[str, dict[str, Any]] = {
    "daily": {"masthead": "市民热线每日快报", "title": "{时段}{区}市民热线运行情况", "body": _SHORT},
    "weekly": {"masthead": "市民热线工作周报", "title": "{时段}{区}市民热线运行情况", "body": _SHORT},
    "monthly": {"masthead": "市民热线工作月报", "title": "{时段}{区}市民热线运行情况分析", "body": _FULL},
    "annual": {"masthead": "", "title": "{区}{时段}市民热线运行情况报告", "addressed": "区委、区政府", "body": _FULL},
    "thematic": {
        "masthead": "",
        "title": "关于“{主题}”诉求情况的专题报告",
        "addressed": "区委、区政府",
        "body": _FULL,
        "automatic": False,
    },
}

RULES: tuple[tuple[str, str, str, int, int], ...] = (
    ("count", "category2", "3.5", 20, 5),
    ("count", "street", "3.5", 20, 3),
    ("count", "unit", "4", 30, 2),
    ("on_time", "unit", "3.5", 30, 2),
    ("satisfied", "unit", "3.5", 30, 2),
    ("satisfied", "street", "3.5", 30, 2),
)
"""Measure, dimension, z, least cases, how many are told. z of 3.5: about one false finding in 2,000 groups by chance alone."""

ADVICE: tuple[tuple[str, str, str], ...] = (
    ("up", "category2", "针对{名称}类诉求明显上升，由行业主管部门会同属地街道开展专项排查，集中解决反映突出的点位，并向市民公布整改进展。"),
    ("up", "street", "{名称}要对照社区和类别分布逐项分析增量来源，提前介入苗头性问题，防止小事拖大。"),
    ("up", "unit", "{名称}受理量增幅较大，建议及时调配承办力量，必要时由热线派驻专人协助分类办理。"),
    ("worse", "unit", "对办理质效下滑的{名称}进行督办约谈，逐件复盘不满意和超期工单，限期提出整改措施。"),
    ("worse", "street", "请{名称}组织对不满意诉求逐件回访，查明是办理不到位还是沟通不到位，分类补办。"),
    ("leading", "", "{名称}等诉求较为集中，建议由行业主管部门牵头梳理高频点位和共性原因，从源头减少同类诉求。"),
    ("overdue", "", "对超过办结时限仍未办结的诉求，由督办人员逐件下达督办单，明确责任人和办结日期，办理结果与考核挂钩。"),
    ("matter", "", "对多人反映的同一事项实行一事一专班，统一答复口径，主动向相关市民反馈，防止重复投诉和矛盾升级。"),
    ("better", "unit", "{名称}办理质效提升明显，建议总结做法，供同类单位借鉴。"),
)  # fmt: skip
"""Signal, dimension, words."""


def install(template: Any, rule: Any, advice: Any) -> None:
    """Write the defaults by the models given (a migration gives those of its time)."""
    for kind, given in TEMPLATES.items():
        template.objects.create(kind=kind, **given)
    for measure, dimension, strength, least, most in RULES:
        rule.objects.create(measure=measure, dimension=dimension, strength=strength, least=least, most=most)
    for order, (signal, dimension, words) in enumerate(ADVICE, 1):
        advice.objects.create(signal=signal, dimension=dimension, words=words, order=10 * order)
