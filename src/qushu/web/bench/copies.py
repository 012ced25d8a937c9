"""Many cases in little time: the database copies generated ones, each with new ids and a new number.

Copies have all rows by which lists, queues, boards, search and assessment find them, and no history, follow-up calls,
place by meaning or caller's data (which is sealed for one case): so 10,000,000 cases take 42 GB, where told ones take 75.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import psycopg
from django.db import connection
from django.db.models import Max

from qushu.cases.models import Case
from qushu.demo.load import connection_parameters, index_words, set_words_aside

KEYED: Final = {
    "cases_case": ("id", "parent_id"),
    "cases_statement": ("case_id",),
    "cases_searchentry": ("case_id",),
    "cases_clock": ("case_id",),
    "cases_assignment": ("case_id",),
    "cases_review": ("case_id",),
    "cases_supervision": ("case_id",),
}
"""The tables that are copied, and their columns that name a case."""

AT_ONCE: Final = 2
COUNTS: Final = ("hotline_assessmentcount", "hotline_areacount")


def copy_cases(copies: int, tell: Callable[[str], None]) -> None:
    """Let every case stand `copies` times. What was counted of them for the assessment is counted as often.

    The connection must be allowed to write without triggers and references (a superuser's, as the embedded one's).
    """
    newest = Case.objects.aggregate(newest=Max("pk"))["newest"] or 0
    set_words_aside()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(1, copies):
            for done in [pool.submit(_copy, table, newest, number * newest) for table in KEYED]:
                done.result()
            tell(f"Every case stands {number + 1} of {copies} times")
    index_words()
    with connection.cursor() as cursor:
        for table in COUNTS:
            cursor.execute(
                f"UPDATE {table} SET counts = (SELECT array_agg(one * %s ORDER BY place)"
                " FROM unnest(counts) WITH ORDINALITY AS each (one, place))",
                [copies],
            )
        cursor.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), %s)", [copies * newest])
        cursor.execute(f"VACUUM (ANALYZE) {', '.join((*KEYED, *COUNTS))}")


def _copy(table: str, newest: int, by: int) -> None:
    """Copy the rows of all cases up to `newest`, every case's id raised by `by`."""
    with psycopg.connect(**connection_parameters(), autocommit=True) as other:
        other.execute("SET synchronous_commit = off")
        other.execute("SET session_replication_role = replica")
        columns = _columns(other, table)
        values = ", ".join(_value(table, column, by) for column in columns)
        other.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"
            f" WHERE {KEYED[table][0]} <= {newest} ORDER BY {KEYED[table][0]}"
        )


def _columns(other: psycopg.Connection[Any], table: str) -> list[str]:
    """The columns that are written: not the table's own numbers, which come from its sequence."""
    own = " AND NOT (column_name = 'id' AND %(table)s <> 'cases_case')"
    rows = other.execute(
        f"SELECT column_name FROM information_schema.columns WHERE table_name = %(table)s{own}", {"table": table}
    )
    return [name for (name,) in rows.fetchall()]


def _value(table: str, column: str, by: int) -> str:
    if column in KEYED[table]:
        return f"{column} + {by}"
    if (table, column) == ("cases_case", "number"):
        digits = "greatest(7, length({0}::text))"  # the id, in at least seven digits, ends a number
        new = f"(id + {by})"
        return f"left(number, -{digits.format('id')}) || lpad({new}::text, {digits.format(new)}, '0')"
    if (table, column) == ("cases_supervision", "number"):
        return f"number || '-' || {by}"
    if (table, column) == ("cases_statement", "sealed"):
        return "NULL"
    return column
