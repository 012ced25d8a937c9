"""Rows as lines of PostgreSQL's COPY text format, table by table, without making a model's instance of each."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from qushu.cases.models import Assignment, Case, Clock, History, SearchEntry, Statement
from qushu.kernel.copy_text import WRITTEN, cell
from qushu.kernel.models import OutboxMessage

Lines = dict[str, bytes]
"""What COPY is given: lines by the name of their table."""


class Table:
    """The columns of a model. What isn't said takes the field's default, so a new column changes nothing here."""

    def __init__(self, model: type[models.Model], *, with_id: bool) -> None:
        fields = [
            field for field in model._meta.concrete_fields if with_id or not isinstance(field, models.BigAutoField)
        ]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self.name = model._meta.db_table
        self.command = f'COPY "{self.name}" ({columns}) FROM STDIN'
        self._places = {name: place for place, field in enumerate(fields) for name in (field.name, field.attname)}
        self._blank = [_default(field) for field in fields]

    def line(self, said: Mapping[str, Any]) -> str:
        """One row; `said` names columns as the model does (lead_unit or lead_unit_id). Raises KeyError for one that isn't there."""
        cells = self._blank.copy()
        for name, value in said.items():
            cells[self._places[name]] = WRITTEN[type(value)](value)
        return "\t".join(cells)


def _default(field: "models.Field[Any, Any]") -> str:
    value = field.get_default()
    return cell(str(value) if isinstance(value, str) else value)  # a choice is a kind of text


CASE = Table(Case, with_id=True)
STATEMENT = Table(Statement, with_id=True)
ENTRY = Table(SearchEntry, with_id=True)
HISTORY = Table(History, with_id=False)
CLOCK = Table(Clock, with_id=False)
ASSIGNMENT = Table(Assignment, with_id=False)
MESSAGE = Table(OutboxMessage, with_id=False)
TABLES = (CASE, STATEMENT, ENTRY, HISTORY, CLOCK, ASSIGNMENT, MESSAGE)


class Sheaf:
    """The lines of many cases."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {table.name: [] for table in TABLES}

    def add(self, table: Table, said: Mapping[str, Any]) -> None:
        """One more row of a table."""
        self._lines[table.name].append(table.line(said))

    def bound(self) -> Lines:
        """All of them, each ended, as UTF-8."""
        return {name: "\n".join([*lines, ""]).encode() for name, lines in self._lines.items() if lines}


def copy_in(lines: Lines) -> None:
    """Write these lines in the transaction that is open."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if table.name in lines:
                with cursor.copy(table.command) as copy:
                    copy.write(lines[table.name])
