"""How an entry is written: the one place where postings are made, and where a closed month says no."""

from datetime import datetime
from decimal import Decimal

from qushu.kernel.errors import Refused
from qushu.people.access import Actor

from ..models import Book, BudgetLine, Entry, Posting
from .rules import postings


def refuse_closed(book: Book, month: int) -> None:
    """Raises Refused when the month is none or takes nothing more."""
    if not 1 <= month <= 12:
        raise Refused("月份要在 1 到 12 之间。没有入账。", field="month")
    if book.closed.filter(month=month).exists():
        raise Refused(f"{month} 月已经结账，没有入账；请记入还没有结账的月份。", field="month")


def write_entry(
    actor: Actor, line: BudgetLine, kind: str, amount: Decimal, month: int, words: str, now: datetime
) -> Entry:
    """The entry with its postings. The caller has locked the book and asked whether the line can bear it."""
    entry = Entry.objects.create(
        line=line, kind=kind, month=month, words=words, made_by_id=actor.account_id, made_at=now
    )
    Posting.objects.bulk_create(
        Posting(entry=entry, side=side, amount=moved) for side, moved in postings(kind, amount).items()
    )
    return entry
