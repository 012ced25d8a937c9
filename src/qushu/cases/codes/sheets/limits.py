"""办理限额 as a table. A changed line begins another value, as on the page."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor
from qushu.people.sheets.cells import code_of, moment_of, row_of
from qushu.people.sheets.imports import Done, Row, Sheet

from ...limits import KINDS
from ...models import Limit
from ..actions.limits import change_limit, shown
from ..queries.limits import limit_lines

COLUMNS = ("限额", "数值", "单位", "生效", "依据", "状态")
STANDINGS = {"now": "现行", "planned": "待生效", "past": "已过"}
MINUTE = timedelta(minutes=1)


def limit_rows() -> Iterator[Row]:
    """Every value of every limit, past and coming ones too."""
    for line in limit_lines(timezone.now()):
        for value in reversed(line.values):
            row = value.row
            begins = timezone.localtime(row.effective_from).strftime("%Y-%m-%d %H:%M")
            cells = (line.kind.name, row.value, line.kind.unit, begins, row.source, STANDINGS[value.standing])
            yield row_of(COLUMNS, *cells)


def apply_limit(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Let the value count from the moment in the row; one that is in the table at that moment is left as it is."""
    names = [(code, kind.name) for code, kind in KINDS.items()]
    code, value = code_of(names, row["限额"], "限额"), row["数值"].strip()
    since = moment_of(row.get("生效", ""), "生效")
    known = Limit.objects.filter(code=code, value=value)
    if since is not None and known.filter(effective_from__range=(since, since + MINUTE)).exists():
        return Done("same", code)
    try:
        made = change_limit(actor, code, value, since, now, row.get("依据", ""), "批量导入")
    except Refused as refused:
        if refused.code == "limit_same":
            return Done("same", code)
        raise
    return Done("change", code, audit.change_words(audit.changes({}, shown(made))))


LIMITS = Sheet(
    kind="limits",
    title="办理限额",
    action="codes.write",
    columns=COLUMNS,
    required=("限额", "数值"),
    help=(
        "“限额”写名称或代码；“数值”写数字，工作时间写成 09:00-12:00 14:00-17:30 的样子。",
        "“生效”空着就是现在（工作时间是明天零点）；表里已有的行原样留着，不会改动。“单位”“状态”只是给人看的。",
    ),
    rows=limit_rows,
    apply_row=apply_limit,
    page="limits",
    key_columns=("限额", "生效"),
)
