"""区域 as a table."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from qushu.kernel.errors import Refused
from qushu.people.access import Actor
from qushu.people.actions.areas import AreaFacts, change_area, close_area, open_area, rename_area
from qushu.places.models import Area
from qushu.places.queries import area_at

from .cells import code_of, day_of
from .imports import Done, Row, Sheet

COLUMNS = ("区划代码", "名称", "级别", "上级代码", "生效日期", "最后一天")
ORDER = {level: place for place, level in enumerate(Area.Level.values)}


def area_rows() -> Iterator[Row]:
    """Every area, those above before those below."""
    listed = sorted(Area.objects.select_related("parent"), key=lambda area: (ORDER[area.level], area.code))
    for area in listed:
        yield dict(
            zip(
                COLUMNS,
                (
                    area.code,
                    area.name,
                    area.get_level_display(),
                    area.parent.code if area.parent else "",
                    area.valid_from.isoformat(),
                    (area.valid_to - timedelta(days=1)).isoformat() if area.valid_to else "",
                ),
                strict=True,
            )
        )


def apply_area(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Open, rename, move or close the area of a row."""
    code = row["区划代码"].strip()
    level = code_of(Area.Level.choices, row["级别"], "级别")
    area = Area.objects.select_related("parent").filter(code=code).first()
    parent = _parent(row.get("上级代码", ""))
    since = day_of(row["生效日期"], "生效日期") or timezone.localtime(now).date()
    last_day = day_of(row.get("最后一天", ""), "最后一天")
    if area is None:
        made = open_area(actor, AreaFacts(code, row["名称"].strip(), level, parent, since), now)
        if last_day:
            close_area(actor, made.pk, last_day, now)
        return Done("new", code, [made.name])
    if area.level != level:
        raise Refused("级别不能改；请新设一个区域，再撤销这一个。", code="import_level")
    words = _change(actor, area, row["名称"].strip(), parent, since, last_day, now)
    return Done("change" if words else "same", code, words)


def _change(
    actor: Actor, area: Area, name: str, parent: Area | None, since: date, last_day: date | None, now: datetime
) -> list[str]:
    words = []
    if name != area.name:
        rename_area(actor, area.pk, name, timezone.localtime(now).date(), now)
        words.append(f"名称：{area.name} → {name}")
    if (parent, since) != (area.parent, area.valid_from):
        change_area(actor, area.pk, parent, since, now)
        words.append(f"上级和生效：{area.parent or '无'} {area.valid_from} → {parent or '无'} {since}")
    present = area.valid_to - timedelta(days=1) if area.valid_to else None
    if last_day != present:
        close_area(actor, area.pk, last_day, now)
        words.append(f"最后一天：{present or '空'} → {last_day or '空'}")
    return words


def _parent(code: str) -> Area | None:
    if not code.strip():
        return None
    found = area_at(code.strip())
    if found is None:
        raise Refused(f"没有区划代码为“{code}”的上级；上级须已存在，或写在前面的行里。", code="import_parent")
    return found


AREAS = Sheet(
    kind="areas",
    title="区域",
    action="areas.write",
    columns=COLUMNS,
    required=("区划代码", "名称", "级别", "生效日期"),
    help=(
        f"级别写：{'、'.join(str(label) for label in Area.Level.labels)}。日期写成 2026-01-31 的样子。",
        "上级须已存在，或写在前面的行里。最后一天空着表示继续有效。不在文件里的区域不会改动。",
    ),
    rows=area_rows,
    apply_row=apply_area,
    page="places:areas",
)
