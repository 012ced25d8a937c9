"""`qushu ledger`: read a disclosed budget, and say what it promises."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qushu.kernel.commandline import answer, district, json_option, with_district
from qushu.ledger.booking.commands import books
from qushu.ledger.disclosure.commands import tables as budget_tables

if TYPE_CHECKING:
    from qushu.ledger.checking.rules import Disagreement
    from qushu.ledger.reading.parts import Document, Reading

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def ledger() -> None:
    """The budget, its targets, and what the running systems say of each."""


@ledger.command("targets")
@click.option("--file", "path", type=existing_file, help="Read this document, without a database.")
@click.option("--year", type=int, help="Of this year's document (default: the newest).")
@json_option
def targets(path: Path | None, year: int | None, as_json: bool) -> None:
    """All promised targets in the document's order: the department's, then every project's."""
    if path is not None:
        rows = [as_row(target) for target in _read(path)[0].targets]
    else:
        with district():
            from qushu.ledger.queries import promised

            rows = [as_row(target) for target in promised(year)]
    answer(as_json, rows, [_line(row) for row in rows])


def as_row(target: Any) -> dict[str, Any]:
    """A target for programs. Values are numbers, or the words of a text or date; units are the document's."""
    return {
        "owner": target.owner,
        "scope": target.scope,
        "goal": target.goal,
        "level1": target.level1,
        "level2": target.level2,
        "name": target.name,
        "operator": target.promised.operator,
        "value": _number(target.promised.value),
        "unit": target.promised.unit,
        "former": [_former(one) for one in target.former],
    }


def _former(reading: "Reading | None") -> Any:
    return None if reading is None else _number(reading.value)


def _number(value: Decimal | str) -> int | float | str:
    if isinstance(value, str):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _line(row: dict[str, Any]) -> str:
    sign = row["operator"] if row["operator"] in (">=", "<=", "=") else ""
    return f"{row['owner']:22} {row['scope']:7} {row['level2']:10} {row['name']} {sign} {row['value']}{row['unit']}"


def _read(path: Path) -> "tuple[Document, list[Disagreement]]":
    from qushu.ledger.reading.document import BadDocument
    from qushu.ledger.reading.files import read_file

    try:
        _, document, found = read_file(path)
        return document, found
    except BadDocument as bad:
        raise click.ClickException(bad.message) from bad


@ledger.command("import")
@click.argument("path", type=existing_file)
@json_option
@with_district
def import_document(path: Path, as_json: bool) -> None:
    """Keep a disclosure (.txt, .pdf, .docx): the same one a second time changes nothing."""
    from django.utils import timezone

    from qushu.kernel.errors import Refused
    from qushu.ledger.actions import keep_document
    from qushu.people.access import SYSTEM

    try:
        kept = keep_document(SYSTEM, path, timezone.now())
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    said = {
        "year": kept.year,
        "department": kept.department,
        "projects": kept.projects.count(),
        "targets": kept.targets.count(),
        "unread": kept.unreadparts.count(),
        "disagreements": kept.findings.count(),
        "new": kept.is_new,
    }
    first = "Kept" if kept.is_new else "Already there, nothing changed:"
    lines = [
        f"{first} {kept.department} {kept.year}: {said['projects']} projects, {said['targets']} targets.",
        *(f"  not read, line {one.line}: {one.where} {one.words}: {one.why}" for one in kept.unreadparts.all()),
        *(f"  doesn't agree: {one.words}" for one in kept.findings.all()),
    ]
    answer(as_json, said, lines)


@ledger.command("check")
@click.argument("path", type=existing_file)
@json_option
def check(path: Path, as_json: bool) -> None:
    """Hold a document against itself: sums, shares, changes, numbering. Without a database."""
    _, found = _read(path)
    rows = [{"rule": one.rule, "words": one.words, "lines": list(one.lines)} for one in found]
    answer(
        as_json, rows, [f"line {'/'.join(map(str, one.lines))}: {one.words}" for one in found] or ["Everything agrees."]
    )


ledger.add_command(books)
ledger.add_command(budget_tables)

commands = [ledger]
