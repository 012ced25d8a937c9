"""The ledger: a year's readings, the twelve tables as a workbook, the books of a whole district. Nothing of it is kept."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import product
from typing import Any, Final

from django.db import connection, transaction

from qushu.ledger.booking.rolling import roll_up
from qushu.ledger.disclosure.files import WRITERS
from qushu.ledger.disclosure.grid import Grid
from qushu.ledger.disclosure.twelve import tables_of
from qushu.ledger.indicators.actions import take_readings
from qushu.ledger.versions.actions import save_draft
from qushu.ledger.versions.rules import Row
from qushu.people.access import SYSTEM

from .measure import Figure, median_of

YEAR: Final = 2090
"""Of made-up budgets and books: nobody has any of that year."""
DEPARTMENTS, PROJECTS = 200, 20
ECONOMIC: Final = ("30201", "30213", "30214", "30226", "30227", "31013")
HASHED = "sha256("
BOOKS: Final = f"""
WITH book AS (
  INSERT INTO ledger_book (year, department, opened_at) SELECT {YEAR}, '测速部门' || n, now() FROM generate_series(1, {DEPARTMENTS}) n
  RETURNING id), line AS (
  INSERT INTO ledger_budgetline (book_id, project_code, project_name, economic_code, economic_name, unit_code, category, function_code,
    source, carried) SELECT id, 'P' || n, '项目' || n, '30227', '委托业务费', '', 'project', '', 'general', false
  FROM book, generate_series(1, {PROJECTS}) n RETURNING id), entry AS (
  INSERT INTO ledger_entry (line_id, kind, month, words, made_at) SELECT id, kind, month, '测速', now()
  FROM line, (VALUES ('budget', 1), ('commitment', 2), ('payment', 3)) AS act (kind, month) RETURNING id, kind)
INSERT INTO ledger_posting (entry_id, side, amount) SELECT id, side, amount FROM entry JOIN (VALUES
  ('budget', 'granted', -1000.01), ('budget', 'free', 1000.01), ('commitment', 'free', -500.01), ('commitment', 'committed', 500.01),
  ('payment', 'committed', -100.01), ('payment', 'paid', 100.01)) AS moved (act, side, amount) ON act = kind
"""
BARE_SUMS: Final = f"""
SELECT b.department, p.side, sum(p.amount) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
JOIN ledger_budgetline l ON l.id = e.line_id JOIN ledger_book b ON b.id = l.book_id WHERE b.year = {YEAR} GROUP BY 1, 2
"""


def ledger_figures(now: datetime) -> Iterator[Figure]:
    """Seconds of readings, tables and roll-up, each beside the least that anybody would have to do for it."""
    for figure in (_readings, _tables, _roll_up):
        with transaction.atomic():
            made = figure(now)
            transaction.set_rollback(True)
        yield made


def _readings(now: datetime) -> Figure:
    """Every indicator that is offered, for this year; the reference counts the very same rows without hashing them."""
    asked: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if HASHED in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    start = time.perf_counter()
    with connection.execute_wrapper(listen):
        taken = take_readings(now.year, now)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute("SELECT count(*) " + sql[sql.index("FROM (") :], params)
    bare = time.perf_counter() - start
    rows = sum(one.rows for one in taken)
    what = f"the {len(taken)} readings of a year, each with its row hash"
    return Figure(
        what, ours, "s", "the same rows counted bare", bare, f"{rows:,} rows; with the last four weeks of each"
    )


def _tables(now: datetime) -> Figure:
    """A department of PROJECTS projects: from the kept rows to the workbook."""
    version = save_draft(SYSTEM, YEAR, "测速部门", None, _budget(), "测速", now)
    grids = tables_of(version)
    ours = median_of(lambda: WRITERS["xlsx"](tables_of(version), version))
    cells = sum(len(line) for grid in grids for line in (*grid.head, *grid.body))
    return Figure(
        "the twelve tables as XLSX", ours, "s", "openpyxl, the same cells bare", median_of(lambda: _bare_workbook(grids)),
        f"{PROJECTS} projects, {cells:,} cells",
    )  # fmt: skip


def _budget() -> list[Row]:
    projects = [
        Row(
            "spending", Decimal(10_000 + number), "general", unit_name="测速部门", category="project", function_code="2010399",
            economic_code=economic, project_code=f"P{number}", project_name=f"项目{number}",
        )
        for number, economic in product(range(PROJECTS), ECONOMIC)
    ]  # fmt: skip
    return [
        Row("income", sum((row.amount for row in projects), Decimal(0)), "general", unit_name="测速部门"),
        *projects,
    ]


def _bare_workbook(grids: Sequence[Grid]) -> None:
    from openpyxl import Workbook  # a tool of developers

    book = Workbook()
    for grid in grids:
        sheet = book.create_sheet()
        for line in (*grid.head, *grid.body):
            sheet.append([cell.value for cell in line])
    book.save(BytesIO())


def _roll_up(now: datetime) -> Figure:
    """Every department's balance, payments by month and forecast, beside the sums by department and side alone."""
    with connection.cursor() as cursor:
        cursor.execute(BOOKS)
        for table in ("ledger_posting", "ledger_entry", "ledger_budgetline", "ledger_book"):
            cursor.execute(f"ANALYZE {table}")
        bare = median_of(lambda: cursor.execute(BARE_SUMS))
    what = f"books of {DEPARTMENTS} departments × {PROJECTS} projects rolled up"
    entries = 3 * DEPARTMENTS * PROJECTS
    return Figure(what, median_of(lambda: roll_up(YEAR, 12)), "s", "a bare SQL sum", bare, f"{entries:,} entries")
