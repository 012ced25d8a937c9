"""催办阶梯 as a table."""

from collections.abc import Iterator
from datetime import datetime

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor
from qushu.people.sheets.cells import code_of, number_of, row_of, yes, yes_or_no
from qushu.people.sheets.imports import Done, Row, Sheet

from ...models import LadderStep
from ...models.clock import CLOCKS, MEASURES
from ..actions.ladder import StepFacts, add_step, change_step, shown

COLUMNS = ("编号", "时限", "已用时限%", "超期", "超期单位", "动作", "对象", "启用")


def step_rows() -> Iterator[Row]:
    """Every step in its order."""
    for one in LadderStep.objects.order_by("order"):
        yield row_of(
            COLUMNS,
            str(one.pk),
            one.get_clock_display(),
            "" if one.percent is None else str(one.percent),
            "" if one.overdue_amount is None else str(one.overdue_amount),
            one.get_overdue_measure_display(),
            one.get_action_display(),
            one.get_receiver_display(),
            yes(one.active),
        )


def apply_step(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Add a step (no number) or change the numbered one."""
    number = number_of(row.get("编号", ""), "编号")
    measure = row.get("超期单位", "").strip()
    facts = StepFacts(
        code_of(list(CLOCKS), row["时限"], "时限"),
        number_of(row.get("已用时限%", ""), "已用时限%"),
        number_of(row.get("超期", ""), "超期"),
        code_of(LadderStep.ACTIONS, row["动作"], "动作"),
        code_of(LadderStep.RECEIVERS, row["对象"], "对象"),
        code_of(list(MEASURES), measure, "超期单位") if measure else "working_days",
        yes_or_no(row.get("启用", ""), True),
    )
    if number is None:
        made, _ = add_step(actor, facts, now, "批量导入")
        return Done("new", "", [str(value) for value in shown(made).values()])
    old = LadderStep.objects.filter(pk=number).first()
    if old is None:
        raise Refused(f"没有编号 {number} 的级；新的一级这一格请空着。", code="import_step")
    if facts == StepFacts(**{name: getattr(old, name) for name in StepFacts.__dataclass_fields__}):
        return Done("same", str(number))
    before = shown(old)
    new, _ = change_step(actor, number, facts, now, "批量导入")
    return Done("change", str(number), audit.change_words(audit.changes(before, shown(new))))


LADDER = Sheet(
    kind="ladder",
    title="催办阶梯",
    action="codes.write",
    columns=COLUMNS,
    required=("时限", "动作", "对象"),
    help=(
        f"动作写：{'、'.join(name for _, name in LadderStep.ACTIONS)}；对象写：{'、'.join(name for _, name in LadderStep.RECEIVERS)}。",
        "“已用时限%”和“超期”只填一个。“编号”空着是新增；不在文件里的级不会改动。",
    ),
    rows=step_rows,
    apply_row=apply_step,
    page="ladder",
    key_columns=("编号", "时限", "已用时限%", "超期", "超期单位", "动作", "对象"),
)
