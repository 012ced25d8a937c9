"""What a loading process does: tell a chunk's stories, COPY their rows, commit them together with the chunk's mark."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors

from qushu.kernel.collecting import collect_seldom
from qushu.kernel.offspring import end_with_parent
from qushu.kernel.text import add_words

from .draw import District
from .generate import cut_of, deadlines_of, told
from .rows import COLUMNS, Rows


@dataclass(frozen=True)
class Work:
    """What every loading process is given once: the load, its ids, the database, the district."""

    load: int
    bases: dict[str, int]
    database: dict[str, Any]
    district: District


class _Worker:
    work: Work
    connection: psycopg.Connection


def begin_work(work: Work) -> None:
    """Prepare this process: one connection for all its chunks. It ends with the process that started it."""
    end_with_parent()
    _Worker.work = work
    collect_seldom()
    world = work.district.world
    add_words([street.name for street in world.streets] + [community.name for community in world.communities])
    _Worker.connection = psycopg.connect(**work.database, autocommit=True)
    _Worker.connection.execute("SET synchronous_commit = off")
    # Generated rows refer only to rows of the same load and to seeds, so references needn't be checked one by one;
    # whoever may not switch that off loads with the checks.
    with suppress(errors.InsufficientPrivilege):
        _Worker.connection.execute("SET session_replication_role = replica")


def copy_chunk(number: int, indices: range) -> dict[str, int]:
    """Write these cases in one transaction; how many rows each table received."""
    work, connection = _Worker.work, _Worker.connection
    rows = Rows(work.district.world, work.bases, cut_of(work.district), deadlines_of(work.district))
    for story in told(work.district, indices):
        rows.add(story)
    with connection.transaction(), connection.cursor() as cursor:
        for table, lines in rows.lines.items():
            columns = ", ".join(COLUMNS[table].split())
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write("\n".join([*lines, ""]))
        cursor.execute("INSERT INTO demo_loadedchunk (load_id, index) VALUES (%s, %s)", [work.load, number])
    return {table: len(lines) for table, lines in rows.lines.items()}
