"""工作日历 as a table: the days that differ from Monday to Friday."""

from collections.abc import Iterator
from datetime import datetime

from qushu.kernel.errors import Refused
from qushu.kernel.models import CalendarDay
from qushu.people.access import Actor
from qushu.people.sheets.cells import day_of, row_of, yes, yes_or_no
from qushu.people.sheets.imports import Done, Row, Sheet

from ..actions.calendar import set_days

COLUMNS = ("日期", "上班", "名称")


def day_rows() -> Iterator[Row]:
    """Every special day."""
    for one in CalendarDay.objects.order_by("day"):
        yield row_of(COLUMNS, one.day.isoformat(), yes(one.is_working), one.name)


def apply_day(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Let a day be worked or not."""
    day = day_of(row["日期"], "日期")
    if day is None:
        raise Refused("日期没有填。", code="import_date")
    worked, name = yes_or_no(row["上班"], True), row.get("名称", "").strip()
    words = f"{'上班' if worked else '休息'}{f'（{name}）' if name else ''}"
    known = CalendarDay.objects.filter(day=day).exists()
    try:
        set_days(actor, day, day, worked, name, "批量导入", now)
    except Refused as refused:
        if refused.code == "calendar_same":
            return Done("same", day.isoformat())
        raise
    return Done("change" if known else "new", day.isoformat(), [words])


CALENDAR = Sheet(
    kind="calendar",
    title="工作日历",
    action="calendar.write",
    columns=COLUMNS,
    required=("日期", "上班"),
    help=(
        "只需写与平常星期不同的日子：放假写“否”，调休上班写“是”。不在文件里的日子不会改动。",
        "导入后请到日历上把这一年标为已录全。",
    ),
    rows=day_rows,
    apply_row=apply_day,
    page="calendar",
)
