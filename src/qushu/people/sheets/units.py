"""单位 as a table."""

from collections.abc import Iterator
from datetime import datetime

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor
from qushu.people.actions.units import UnitFacts, change_unit, create_unit
from qushu.people.models import Unit
from qushu.places.models import Area
from qushu.places.queries import area_at

from .cells import code_of, yes, yes_or_no
from .imports import Done, Row, Sheet

COLUMNS = ("代码", "名称", "类别", "上级代码", "辖区代码", "值班电话", "启用", "职责")


def unit_rows() -> Iterator[Row]:
    """Every unit, those above before those below."""
    listed = sorted(
        Unit.objects.select_related("parent", "area"), key=lambda unit: (unit.parent_id is not None, unit.code)
    )
    for unit in listed:
        yield dict(
            zip(
                COLUMNS,
                (
                    unit.code,
                    unit.name,
                    unit.get_kind_display(),
                    unit.parent.code if unit.parent else "",
                    unit.area.code if unit.area else "",
                    unit.phone,
                    yes(unit.active),
                    unit.duties,
                ),
                strict=True,
            )
        )


def apply_unit(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Create or change the unit of a row; a column that the file doesn't have stays as it is."""
    code = row["代码"].strip()
    unit = Unit.objects.select_related("parent", "area").filter(code=code).first()
    facts = _facts(row, unit)
    if unit is None:
        create_unit(actor, code, facts, now)
        return Done("new", code, [facts.name])
    before = {name: getattr(unit, name) for name in UnitFacts.__dataclass_fields__}
    said = audit.changes(before, {name: getattr(facts, name) for name in before})
    if not said:
        return Done("same", code)
    change_unit(actor, unit.pk, facts, now)
    return Done("change", code, audit.change_words(said))


def _facts(row: Row, unit: Unit | None) -> UnitFacts:
    def cell(column: str, kept: str) -> str:
        return row[column].strip() if column in row else kept

    return UnitFacts(
        name=row["名称"].strip(),
        kind=code_of(Unit.Kind.choices, row["类别"], "类别"),
        parent=_parent(row["上级代码"]) if "上级代码" in row else unit.parent if unit else None,
        area=_area(row["辖区代码"]) if "辖区代码" in row else unit.area if unit else None,
        duties=cell("职责", unit.duties if unit else ""),
        phone=cell("值班电话", unit.phone if unit else ""),
        active=yes_or_no(row.get("启用", ""), unit.active if unit else True),
    )


def _parent(code: str) -> Unit | None:
    if not code.strip():
        return None
    found = Unit.objects.filter(code=code.strip()).first()
    if found is None:
        raise Refused(f"没有代码为“{code}”的上级单位；上级须已存在，或写在前面的行里。", code="import_parent")
    return found


def _area(code: str) -> Area | None:
    if not code.strip():
        return None
    found = area_at(code.strip())
    if found is None:
        raise Refused(f"没有区划代码“{code}”。", code="import_area")
    return found


UNITS = Sheet(
    kind="units",
    title="单位",
    action="units.write",
    columns=COLUMNS,
    required=("代码", "名称", "类别"),
    help=(
        f"类别写：{'、'.join(str(label) for label in Unit.Kind.labels)}。启用写“是”或“否”。",
        "上级单位须已存在，或写在前面的行里。没有的列保持原样，空的格子会清空原值（启用除外）。",
    ),
    rows=unit_rows,
    apply_row=apply_unit,
    page="people:units",
)
