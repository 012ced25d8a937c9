"""Making cases: one by one with all rules beside bare inserts of the same rows, and an import beside a bare COPY."""

import csv
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import local

import psycopg
from django.db import connection

from qushu.cases.models import Case
from qushu.hotline.importing import import_file
from qushu.hotline.importing.mapping import read_mapping
from qushu.people.access import SYSTEM
from qushu.places.models import Area

from .measure import Figure, p99_ms
from .serving import Clients, api_token, serving

CLIENTS = 8
TABLES = ("cases_case", "cases_statement", "cases_history", "cases_clock", "kernel_outboxmessage")
MAPPING = """
name = "测速"
source = "{source}"
until = "registered"
[fields]
ref = {{ column = "ref" }}
accepted_at = {{ column = "at" }}
channel = {{ value = "12345" }}
category = {{ columns = ["c1", "c2", "c3"] }}
street = {{ column = "street" }}
community = {{ column = "community" }}
text = {{ column = "text" }}
name = {{ column = "name" }}
phone = {{ column = "phone" }}
"""


def creation_figures(now: datetime, count: int) -> list[Figure]:
    """Cases a second over the API at 8 clients, and the slowest hundredth, beside bare inserts of the same five rows."""
    area = Area.objects.filter(level="community").values_list("code", flat=True)[0]
    text = "市民来电反映：小区门口自来水管爆裂，路面积水严重，影响出行，希望尽快派人维修。" * 2
    with serving() as address, api_token(now) as secret:
        clients = Clients(address, secret)

        def make(index: int) -> float:
            contact = {"name": "王先生", "phone": f"1990000{index:04d}"}
            said = {"channel": "12345", "text": text, "area": area, "contact": contact}
            return clients.post("/api/v1/cases", said, expected=201)

        ours, seconds = _at_once(make, count)
    bare, bare_seconds = _at_once(_BareInserts(Case.objects.order_by("-id").values_list("id", flat=True)[0]), count)
    return [
        Figure(
            "cases accepted over the API, 8 clients", ours, "/s", "bare inserts of the same rows", bare,
            "clients, server and database share the cores",
        ),
        Figure("cases accepted over the API, slowest 1 %", p99_ms(seconds), "ms", "bare inserts", p99_ms(bare_seconds)),
    ]  # fmt: skip


def import_figure(now: datetime, count: int) -> Figure:
    """Rows a second of an import with all rules, beside COPY of the same rows into tables without index or rule."""
    with tempfile.TemporaryDirectory() as folder:
        source = f"bench{int(time.time())}"
        mapping, rows = Path(folder, "m.toml"), Path(folder, "rows.csv")
        mapping.write_text(MAPPING.format(source=source), encoding="utf-8")
        _write_rows(rows, count)
        start = time.perf_counter()
        done = import_file(SYSTEM, rows, read_mapping(str(mapping)), now)
        ours = done.accepted / (time.perf_counter() - start)
    return Figure(
        f"import of {done.accepted:,} rows", ours, "/s", "COPY of the same rows", done.accepted / _copy_again(source)
    )


class _BareInserts:
    """Inserts copies of one case's rows, on a connection per thread, one commit a case."""

    def __init__(self, case_id: int) -> None:
        self.kept = local()
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DROP TABLE IF EXISTS bench_{table}")
                cursor.execute(f"CREATE TABLE bench_{table} AS SELECT * FROM {table} WHERE false")
        key = "(SELECT number FROM cases_case WHERE id = %s)"
        keyed = {"cases_case": "id = %s", "kernel_outboxmessage": f"key = {key}"}
        self.statements = [
            (f"INSERT INTO bench_{table} SELECT * FROM {table} WHERE {keyed.get(table, 'case_id = %s')}", [case_id])
            for table in TABLES
        ]

    def __call__(self, index: int) -> float:
        if not hasattr(self.kept, "connection"):
            self.kept.connection = psycopg.connect(
                **connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
            )
        start = time.perf_counter()
        with self.kept.connection.transaction():
            for sql, parameters in self.statements:
                self.kept.connection.execute(sql, parameters)
        return time.perf_counter() - start


def _at_once(act, count: int) -> tuple[float, list[float]]:  # type: ignore[no-untyped-def]
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(act, range(CLIENTS)))
        start = time.perf_counter()
        seconds = list(pool.map(act, range(count)))
        return count / (time.perf_counter() - start), seconds


def _write_rows(path: Path, count: int) -> None:
    """Rows like those of the cases that are there: their words, places and categories."""
    cases = Case.objects.filter(generated=True, category__isnull=False, area__isnull=False).order_by("id")
    values = cases.values_list("category__full_name", "street__name", "area__name", "statement__text", "accepted_at")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ref", "at", "c1", "c2", "c3", "street", "community", "text", "name", "phone"])
        for index, (category, street, community, text, at) in enumerate(values[:count].iterator()):
            levels = [*category.split(" / "), "", ""][:3]
            writer.writerow([index, at.isoformat(), *levels, street, community, text, "李女士", f"199{index:08d}"])


def _copy_again(source: str) -> float:
    """Seconds to COPY the imported rows out of memory into bare tables."""
    wanted = f"SELECT id FROM cases_case WHERE source = '{source}'"
    keyed = {
        "cases_case": f"source = '{source}'",
        "kernel_outboxmessage": f"key IN (SELECT number FROM cases_case WHERE source = '{source}')",
    }
    total = 0.0
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as bare:
        for table in TABLES:
            bare.execute(f"CREATE TEMP TABLE again_{table} AS SELECT * FROM {table} WHERE false")
            where = keyed.get(table, f"case_id IN ({wanted})")
            with bare.cursor().copy(f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT") as out:
                blocks = [bytes(block) for block in out]
            start = time.perf_counter()
            with bare.cursor().copy(f"COPY again_{table} FROM STDIN") as back:
                for block in blocks:
                    back.write(block)
            total += time.perf_counter() - start
        start = time.perf_counter()
        bare.commit()
        return total + time.perf_counter() - start
