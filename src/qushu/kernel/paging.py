"""The one way to page a list: by the key of the last row shown, in constant time however far one goes.

A list is ordered by columns that together are unique (the primary key is added when none of them is), in PostgreSQL's
own order of NULLs: last when ascending, first when descending. A page asks for "the rows after this key", which an
index on the same columns answers without reading what lies before. No jump to a page by number; ``last_page`` is there.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.sql.compiler import SQLCompiler

from .errors import Refused

Row = TypeVar("Row")
_LONGEST_CURSOR: Final = 4000
_BIGGEST_INT: Final = 2**63


class BadCursor(Refused):
    """A cursor was changed, cut, or belongs to a list in another order."""

    code = "bad_cursor"

    def __init__(self) -> None:
        super().__init__("翻页位置无效：地址不完整，或列表的排序已经改变。数据没有变化，请回到第一页。")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page and the cursors of its neighbours; None where the list ends."""

    rows: list[Row]
    next_cursor: str | None = None
    previous_cursor: str | None = None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page(queryset: QuerySet[Any, Row], order: Sequence[str], cursor: str | None = None, size: int = 50) -> Page[Row]:
    """The page at the cursor (the first when None), at most ``size`` rows.

    ``order``: columns, "-" in front when descending: ("due_at", "id"), ("-accepted_at", "-id"). Columns of related rows
    (lead_unit__name) and annotations work too. Rows are model instances or ``values()`` dicts that hold the columns.
    Going back gives the very rows that were shown, unless rows came or went meanwhile. Raises BadCursor, and ValueError
    when the size isn't positive.
    """
    if size < 1:
        raise ValueError(f"a page has at least one row: {size}")
    columns = _columns(queryset, order)
    place = _read(cursor, columns) if cursor else _Place(False, None)
    rows, more = _rows(queryset, columns, place, size)
    if place.backward and place.key is not None and not rows:
        return page(queryset, order, None, size)  # what lay before is gone: this is the beginning now
    if place.backward:
        before = _write(True, columns, rows[0]) if more else None
        return Page(rows, _write(False, columns, rows[-1]) if place.key is not None else None, before)
    after = _write(False, columns, rows[-1]) if more else None
    if place.key is None:
        return Page(rows, after, None)
    return Page(rows, after, _write(True, columns, rows[0]) if rows else last_page(order))


def page_of(queryset: QuerySet[Any, Row], order: Sequence[str], params: Mapping[str, str], size: int = 50) -> Page[Row]:
    """``page`` at the place that an address names: ``?after=`` a next_cursor or ``?before=`` a previous_cursor."""
    return page(queryset, order, params.get("after") or params.get("before") or None, size)


def last_page(order: Sequence[str]) -> str:
    """The cursor of the last page of a list in this order."""
    return _pack(True, order_mark(order), None)


def order_mark(order: Sequence[str]) -> str:
    """A short mark of the order, so that a cursor isn't used with another one."""
    return f"{zlib.crc32(','.join(order).encode()):08x}"


@dataclass(frozen=True)
class _Column:
    name: str
    field: "Field[Any, Any]"
    nullable: bool
    descending: bool

    @property
    def ordering(self) -> OrderBy:
        return F(self.name).desc() if self.descending else F(self.name).asc()


@dataclass(frozen=True)
class _Columns:
    mark: str
    all: tuple[_Column, ...]


@dataclass(frozen=True)
class _Place:
    """Where a page starts: after (or before) the row with this key; None is the list's beginning (or end)."""

    backward: bool
    key: tuple[Any, ...] | None


class _RowComparison(Func):
    """(a, b) > (x, y): the form that an index on (a, b) answers with one descent."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any, operator: str, **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.operator = operator

    def as_sql(self, compiler: SQLCompiler, connection: Any, *_: Any, **__: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        compiled = [compiler.compile(expression) for expression in self.source_expressions]
        half = len(compiled) // 2
        left, right = (", ".join(sql for sql, _ in part) for part in (compiled[:half], compiled[half:]))
        return f"({left}) {self.operator} ({right})", [param for _, params in compiled for param in params]


def _rows(queryset: QuerySet[Any, Row], columns: _Columns, place: _Place, size: int) -> tuple[list[Row], bool]:
    """The rows of the page in list order, and whether there are more in the direction one goes."""
    way = [replace(one, descending=one.descending ^ place.backward) for one in columns.all]
    ordered = queryset.order_by(*(column.ordering for column in way))
    rows: list[Row] = []
    for condition in [Q()] if place.key is None else _after(way, place.key):
        rows += ordered.filter(condition)[: size + 1 - len(rows)]
        if len(rows) > size:
            break
    more = len(rows) > size
    rows = rows[:size]
    return (rows[::-1] if place.backward else rows), more


def _after(way: Sequence[_Column], key: Sequence[Any]) -> list[Q]:
    """Conditions that together hold for the rows after the key, in the order in which their rows come.

    They are asked one after the other until a page is full: each is a range of the index, an OR of them would not be.
    """
    column, rest, value = way[0], way[1:], key[0]
    strictly = _strictly_after(column, value)
    if not rest:
        return strictly
    if value is not None and all(one.descending == column.descending and not one.nullable for one in rest):
        return [Q(_compare_rows(way, key)), *strictly[1:]]
    same = Q(**{f"{column.name}__isnull": True}) if value is None else Q(**{column.name: value})
    return [*(same & deeper for deeper in _after(rest, key[1:])), *strictly]


def _strictly_after(column: _Column, value: Any) -> list[Q]:
    """Rows whose one column comes after the value; NULL is greater than everything."""
    is_null = Q(**{f"{column.name}__isnull": True})
    if column.descending:
        return [Q(**{f"{column.name}__isnull": False}) if value is None else Q(**{f"{column.name}__lt": value})]
    if value is None:
        return []
    return [Q(**{f"{column.name}__gt": value}), *([is_null] if column.nullable else [])]


def _compare_rows(way: Sequence[_Column], key: Sequence[Any]) -> _RowComparison:
    names = [F(column.name) for column in way]
    values = [Value(value, output_field=column.field) for column, value in zip(way, key, strict=True)]
    return _RowComparison(*names, *values, operator="<" if way[0].descending else ">")


def _columns(queryset: QuerySet[Any, Any], order: Sequence[str]) -> _Columns:
    columns = [_column(queryset, name) for name in order]
    if not any("__" not in one.name and one.field.unique and not one.nullable for one in columns):
        sign = "-" if columns and columns[-1].descending else ""
        columns.append(_column(queryset, f"{sign}pk"))
    return _Columns(order_mark(order), tuple(columns))


def _column(queryset: QuerySet[Any, Any], name: str) -> _Column:
    bare, descending = name.removeprefix("-"), name.startswith("-")
    annotation = queryset.query.annotations.get(bare)
    if annotation is not None:
        return _Column(bare, annotation.output_field, True, descending)
    *steps, last = bare.split("__")
    model, nullable = queryset.model, False
    for step in steps:
        relation = model._meta.get_field(step)
        nullable |= bool(getattr(relation, "null", True))
        model = relation.related_model
        assert isinstance(model, type) and issubclass(model, Model)
    field = model._meta.pk if last == "pk" else _field_of(model, last)
    path = "__".join([*steps, field.attname])  # a relation's own id, not the order of the related table
    return _Column(path, getattr(field, "target_field", field), nullable or field.null, descending)


def _field_of(model: type[Model], name: str) -> "Field[Any, Any]":
    field = next((one for one in model._meta.concrete_fields if name in (one.name, one.attname)), None)
    if field is None:
        raise ValueError(f"{model.__name__} has no column {name} to order by")
    return field


def _write(backward: bool, columns: _Columns, row: Any) -> str:
    return _pack(backward, columns.mark, [_stored(_value_of(row, column.name)) for column in columns.all])


def _value_of(row: Any, name: str) -> Any:
    if isinstance(row, Mapping):
        return row[name]
    for step in name.split("__"):
        row = None if row is None else getattr(row, step)
    return row


def _stored(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"a list can't be paged by a {type(value).__name__}")


def _pack(backward: bool, mark: str, key: list[Any] | None) -> str:
    text = json.dumps([int(backward), mark, key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _read(cursor: str, columns: _Columns) -> _Place:
    if len(cursor) > _LONGEST_CURSOR:
        raise BadCursor
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        backward, mark, key = json.loads(packed.decode(), parse_constant=_refuse)
        if mark != columns.mark or backward not in (0, 1):
            raise BadCursor
        if key is None:
            return _Place(bool(backward), None)
        values = zip(columns.all, key, strict=True)
        return _Place(bool(backward), tuple(_given(column, value) for column, value in values))
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
        raise BadCursor from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _given(column: _Column, stored: Any) -> Any:
    """The value as the column takes it; refuses what the database would."""
    if stored is None:
        if not column.nullable:
            raise BadCursor
        return None
    if not isinstance(stored, str | int | float):
        raise BadCursor
    value = column.field.to_python(stored)
    naive = isinstance(value, datetime) and value.tzinfo is None
    too_big = isinstance(value, int) and abs(value) >= _BIGGEST_INT
    if naive or too_big or (isinstance(value, str) and "\0" in value):
        raise BadCursor
    return value
