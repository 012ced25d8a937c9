"""Parts of a report: each asks its figures and says them. A template names them; `PARTS` is the list of all."""

from collections.abc import Callable

from ..content import Block
from . import advising, basis, changing, handling, opening, places, telling
from .desk import Desk

PARTS: dict[str, tuple[str, Callable[[Desk], list[Block]]]] = {
    "受理总量": ("受理多少，比上期、比去年同期", opening.volume),
    "渠道构成": ("从哪些渠道来", opening.channels),
    "类型构成": ("咨询、求助、投诉等各多少", opening.kinds),
    "受理走势": ("按日（年报按月）的折线图和高峰", opening.course),
    "类别排行": ("各类诉求的表和图", places.categories),
    "街道排行": ("各街道的表和图", places.streets),
    "办理质效": ("签收、联系、办结、解决、满意各率的表", handling.rates),
    "办理用时": ("办结和首次联系用时的中位数、九成位", handling.times),
    "单位情况": ("受理量最多的承办单位的表", handling.units),
    "主要变化": ("变化最大而不是偶然的，以及由谁造成", changing.findings),
    "预警情况": ("期内级别最高的预警，各涉及多少诉求", telling.warnings),
    "群体诉求": ("多人反映的同一事项", telling.matters),
    "典型案例": ("已办结的诉求，隐去个人信息", telling.cases),
    "工作建议": ("由信号查建议表", advising.advice),
    "数据说明": ("数据截至何时，指标如何计算", basis.basis),
}
"""By the name that a template writes in brackets: what it says, and what makes it. Order is that of the help."""

__all__ = ["PARTS", "Desk"]
