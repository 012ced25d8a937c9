"""An approved version becomes money in the books: lines with their budget, or adjustments of what changed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from qushu.kernel.errors import Refused
from qushu.people.access import Actor
from qushu.people.audit import record

from ..models import Book, BudgetLine, BudgetVersion
from ..versions.rules import CATEGORIES, Row, changes, in_wan
from .entering import refuse_closed, write_entry
from .queries import month_ends
from .rules import refusal

LINE_KEY = ("unit_code", "category", "project_code", "function_code", "economic_code", "source", "carried")


def grant(
    actor: Actor, version: BudgetVersion, before: Sequence[Row], rows: Sequence[Row], month: int, now: datetime
) -> Book:
    """Enter what the version grants beyond `before` (the version in force, [] for the first); what stays isn't touched.

    Raises Refused for a closed month or more taken back than is free; the caller's transaction undoes all then.
    """
    book = _book(actor, version, first=not before, now=now)
    refuse_closed(book, month)
    kind = "adjustment" if before else "budget"
    words = f"第 {version.number} 稿{version.get_kind_display()}"
    for row, moved in changes(granted(before), granted(rows)).values():
        line = line_of(book, row)
        _refuse_too_much(line, moved, month)
        write_entry(actor, line, kind, moved, month, words, now)
    return book


def granted(rows: Sequence[Row]) -> list[Row]:
    """What may be spent: projects, basic and other spending; not what is kept for the next year."""
    return [row for row in rows if row.side == "spending" and row.category != "kept"]


def line_of(book: Book, row: Row) -> BudgetLine:
    """The line of the book for this row, made when there is none."""
    line, _ = BudgetLine.objects.get_or_create(
        book=book,
        **{name: getattr(row, name) for name in LINE_KEY},
        defaults={
            "project_name": row.project_name or CATEGORIES[row.category],
            "economic_name": row.economic_name,
        },
    )
    return line


def _book(actor: Actor, version: BudgetVersion, first: bool, now: datetime) -> Book:
    known = Book.objects.select_for_update().filter(year=version.year, department=version.department).first()
    if first and known is not None:
        raise Refused(f"{known}已由公开文件直接建立，不能再由预算稿建账。什么也没有改变。")
    if known is None:
        known = Book.objects.create(
            year=version.year, department=version.department, opened_by_id=actor.account_id, opened_at=now
        )
        record(actor, "budget.book_opened", f"budget_book:{known.pk}", data={"year": known.year}, now=now)
    known.version = version
    known.save(update_fields=["version"])
    return known


def _refuse_too_much(line: BudgetLine, moved: Decimal, month: int) -> None:
    if moved < 0:
        said = next(filter(None, (refusal(end, "adjustment", moved) for end in month_ends(line)[month - 1 :])), "")
        if said:
            raise Refused(f"{line}要减少 {in_wan(-moved)} 万元：{said}", field="month")
