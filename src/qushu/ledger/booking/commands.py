"""`qushu ledger books`: open the books of a kept document, enter acts, close months, see execution."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

import click

from qushu.kernel.commandline import answer, json_option, with_district

Said = TypeVar("Said")


@click.group()
def books() -> None:
    """The double-entry books of a year."""


def _or_refused(act: Callable[[], Said]) -> Said:
    from qushu.kernel.errors import Refused

    try:
        return act()
    except Refused as refused:
        raise click.ClickException(refused.message) from refused


@books.command("open")
@click.option("--year", type=int, help="Of this year's document (default: the newest).")
@with_district
def open_books(year: int | None) -> None:
    """Open the books from the kept document: what it grants, line by line."""
    from django.utils import timezone

    from qushu.ledger.booking.actions import open_book
    from qushu.ledger.queries import newest_document
    from qushu.people.access import SYSTEM

    book = _or_refused(lambda: open_book(SYSTEM, newest_document(year), timezone.now()))
    click.echo(f"{book} (book {book.pk})")
    for line in book.lines.all():
        click.echo(f"  line {line.pk}: {line.project_code} {line.economic_code} {line}")


@books.command("enter")
@click.argument("line", type=int)
@click.argument("kind", type=click.Choice(["adjustment", "commitment", "release", "payment", "direct"]))
@click.argument("amount")
@click.argument("month", type=int)
@click.argument("words")
@with_district
def enter_act(line: int, kind: str, amount: str, month: int, words: str) -> None:
    """Enter AMOUNT 元 on LINE in MONTH, with WORDS that say what for."""
    from django.utils import timezone

    from qushu.ledger.booking.actions import enter
    from qushu.people.access import SYSTEM

    try:
        exact = Decimal(amount)
    except InvalidOperation as bad:
        raise click.ClickException(f"“{amount}”不是金额。没有入账。") from bad
    made = _or_refused(lambda: enter(SYSTEM, line, kind, exact, month, words, timezone.now()))
    click.echo(f"entry {made.pk}")


@books.command("close")
@click.argument("book", type=int)
@click.argument("month", type=int)
@with_district
def close(book: int, month: int) -> None:
    """Close MONTH of BOOK for good."""
    from django.utils import timezone

    from qushu.ledger.booking.actions import close_month
    from qushu.people.access import SYSTEM

    _or_refused(lambda: close_month(SYSTEM, book, month, timezone.now()))
    click.echo(f"{month} closed")


@books.command("show")
@click.argument("book", type=int)
@click.option("--through", type=click.IntRange(1, 12), default=12, help="As of the end of this month.")
@json_option
@with_district
def show(book: int, through: int, as_json: bool) -> None:
    """Execution of BOOK: granted, free, committed, paid, and the forecast of December. Amounts are 元."""
    from qushu.ledger.booking.queries import execution
    from qushu.ledger.models import Book

    found = Book.objects.filter(pk=book).first()
    if found is None:
        raise click.ClickException("没有这本账。")
    seen = execution(found, through)
    said = {
        "budget": str(seen.balance.budget),
        "free": str(seen.balance.free),
        "committed": str(seen.balance.committed),
        "paid": str(seen.balance.paid),
        "paid_by_month": [str(paid) for paid in seen.paid_by_month],
        "forecast": str(seen.forecast),
    }
    answer(as_json, said, [f"{name}: {value}" for name, value in said.items()])


@books.command("bring")
@click.argument("book", type=int)
@click.argument("kind", type=click.Choice(["contracts", "payments"]))
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--look", is_flag=True, help="Only say what would happen.")
@with_district
def bring(book: int, kind: str, path: Path, look: bool) -> None:
    """Bring contracts or payments of a CSV or XLSX file into BOOK; rows that are refused are said with their reason."""
    from django.utils import timezone

    from qushu.ledger.booking.bringing import bring_in, rehearse
    from qushu.people.access import SYSTEM

    act = rehearse if look else bring_in
    outcome = _or_refused(lambda: act(SYSTEM, book, kind, path.name, path.read_bytes(), timezone.now()))
    if outcome.known:
        click.echo("The file was brought in before; nothing changed.")
    click.echo(", ".join(f"{count} {what}" for what, count in outcome.counts.items()))
    if outcome.doubt:
        click.echo(outcome.doubt)
    for line, _, why, _ in outcome.of("refused"):
        click.echo(f"  line {line}: {why}")
