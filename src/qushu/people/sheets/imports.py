"""How a table is imported: rehearsed first, then applied as a whole or not at all.

The rehearsal is the import itself in a transaction that is rolled back, so what it shows is what will happen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor, require

Row = dict[str, str]
MOST_ROWS = 5000


@dataclass(frozen=True)
class Done:
    """What one row did: `new`, `change`, `same` or `broken`; its key; words for people; a secret shown once."""

    what: str
    key: str
    words: list[str] = field(default_factory=list)
    secret: str = ""


@dataclass(frozen=True)
class Sheet:
    """One kind of table. `columns` are its headings; `required` must be there; `apply_row` writes one row.

    `most_new`: how many rows may be new at once, where making one is slow. `key_columns`: what together names a row,
    if the first column alone doesn't.
    """

    kind: str
    title: str
    action: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    help: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    apply_row: Callable[[Actor, Row, datetime, bool], Done]
    page: str
    most_new: int = MOST_ROWS
    key_columns: tuple[str, ...] = ()

    def key_of(self, row: Row) -> str:
        """What names this row."""
        return " ".join(row.get(column, "") for column in self.key_columns or self.columns[:1])


@dataclass
class Outcome:
    """What an import does, line by line; lines are those of the file, the heading is line 1."""

    lines: list[tuple[int, Done]] = field(default_factory=list)

    def of(self, what: str) -> list[tuple[int, Done]]:
        """The lines that are `new`, `change`, `same` or `broken`."""
        return [(line, done) for line, done in self.lines if done.what == what]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each."""
        return {what: len(self.of(what)) for what in ("new", "change", "same", "broken")}


def rehearse_rows(sheet: Sheet, actor: Actor, rows: list[tuple[int, Row]], now: datetime) -> Outcome:
    """What importing these rows would do. Nothing is kept. Raises Forbidden, Refused for a table of the wrong shape."""
    require(actor, sheet.action)
    _check_shape(sheet, rows)
    with transaction.atomic():
        outcome = _each(sheet, actor, rows, now, rehearsal=True)
        transaction.set_rollback(True)
    return outcome


def apply_rows(sheet: Sheet, actor: Actor, rows: list[tuple[int, Row]], now: datetime) -> Outcome:
    """Import these rows in one transaction. Raises Refused, with nothing changed, when one of them is broken."""
    require(actor, sheet.action)
    _check_shape(sheet, rows)
    with transaction.atomic():
        outcome = _each(sheet, actor, rows, now, rehearsal=False)
        broken = outcome.of("broken")
        if broken:
            line, done = broken[0]
            more = f"等 {len(broken)} 行" if len(broken) > 1 else ""
            raise Refused(
                f"第 {line} 行{more}有问题：{'；'.join(done.words)}整个文件都没有导入。", code="import_broken"
            )
        audit.record(actor, "import.applied", f"sheet:{sheet.kind}", data={"rows": len(rows)}, now=now)
    return outcome


def _each(sheet: Sheet, actor: Actor, rows: list[tuple[int, Row]], now: datetime, rehearsal: bool) -> Outcome:
    outcome, seen, new = Outcome(), dict[str, int](), 0
    for line, row in rows:
        key = sheet.key_of(row)
        try:
            if key in seen:
                same = "、".join(sheet.key_columns or sheet.columns[:1])
                raise Refused(f"和第 {seen[key]} 行是同一个{same}。", code="import_twice")
            seen[key] = line
            _check_required(sheet, row)
            with transaction.atomic():
                done = sheet.apply_row(actor, row, now, rehearsal)
        except Refused as refused:
            done = Done("broken", key, [refused.message])
        outcome.lines.append((line, done))
        new += done.what == "new"
        if new > sheet.most_new:
            words = f"一次最多新建 {sheet.most_new} 个{sheet.title}，请分成几个文件。没有导入任何内容。"
            raise Refused(words, code="import_long")
    return outcome


def _check_shape(sheet: Sheet, rows: list[tuple[int, Row]]) -> None:
    if not rows:
        raise Refused("文件里没有数据行。第一行是列名，数据从第二行起。没有导入任何内容。", code="import_empty")
    if len(rows) > MOST_ROWS:
        raise Refused(
            f"文件有 {len(rows)} 行，一次最多 {MOST_ROWS} 行，请分开导入。没有导入任何内容。", code="import_long"
        )
    missing = [column for column in sheet.required if column not in rows[0][1]]
    if missing:
        words = "、".join(missing)
        raise Refused(f"缺少列：{words}。请先导出一份作为样表。没有导入任何内容。", code="import_columns")


def _check_required(sheet: Sheet, row: Row) -> None:
    empty = [column for column in sheet.required if not row.get(column, "").strip()]
    if empty:
        raise Refused(f"{'、'.join(empty)}没有填。", code="import_required")
