"""What is written as COPY text is read by PostgreSQL as it was."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from qushu.kernel.copy_text import NONE, binary, cell, line, maybe, moment, nonzero, text, yes

MOMENT = datetime(2024, 3, 1, 9, 30, 5, tzinfo=UTC)
AWKWARD = 'tab\t line\n return\r slash\\ quote" \\N 中文'

pytestmark = pytest.mark.django_db


def read_back(kind: str, *cells: str) -> list[object]:
    """The cells, copied into a table of one column of this kind."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE copied (place serial, value {kind}) ON COMMIT DROP")
        with cursor.copy("COPY copied (value) FROM STDIN") as copy:
            copy.write("".join(f"{line(one)}\n" for one in cells).encode())
        cursor.execute("SELECT value FROM copied ORDER BY place")
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE copied")
    return found


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", AWKWARD),
        ("text", ""),
        ("text", None),
        ("bigint", -7),
        ("double precision", 0.1),
        ("boolean", True),
        ("boolean", False),
        ("bytea", b"\x00\\\n\xff"),
        ("timestamptz", MOMENT),
        ("text[]", [AWKWARD, "", "{}", ","]),
    ],
)
def test_any_value_comes_back(kind, value):
    assert read_back(kind, cell(value)) == [value]


def test_a_document_comes_back():
    said = {"words": AWKWARD, "count": 3, "none": None}
    (found,) = read_back("jsonb", cell(said))
    assert json.loads(str(found)) == said


def test_each_kind_has_a_function_of_its_own():
    assert read_back("text", text(AWKWARD), maybe(None), NONE) == [AWKWARD, None, None]
    assert read_back("timestamptz", moment(int(MOMENT.timestamp())), moment(None)) == [MOMENT, None]
    assert read_back("boolean", yes(True), yes(False), yes(None)) == [True, False, None]
    assert read_back("bigint", nonzero(0), nonzero(5), maybe(6)) == [None, 5, 6]
    assert read_back("bytea", binary(None), binary(b"\\")) == [None, b"\\"]


def test_a_type_that_no_column_has_is_refused():
    with pytest.raises(KeyError):
        cell(object())
