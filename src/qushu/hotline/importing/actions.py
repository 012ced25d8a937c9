"""`import_file`, `import_rows`: every good row becomes a case, every bad one is kept with its reason, none twice."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction

from qushu.cases.actions.intake import next_case_ids
from qushu.cases.entries import let_words_wait, place_words
from qushu.cases.finding import district_names
from qushu.cases.models import Channel
from qushu.cases.rulebook import rulebook
from qushu.kernel.errors import Refused
from qushu.kernel.table_reading import BadTable, read_table
from qushu.people.access import Actor, require

from ..models import FeedBatch, FeedSource, UrgentWord
from .building import Builder, Ready
from .copying import Lines, copy_in
from .keeping import Keeper, Outcome
from .mapping import BadRow, Facts, MappingFile, flat
from .names import Names
from .pipeline import ahead, built_in_order

NOT_READY = "这个中心的代码表（渠道、类别等）还没有建好，没有导入。先运行 qushu run，等它报出地址后再导入。"
CHUNK = 2000
WORDS_OF = 8000
"""So many cases' words are put into the search's index at once."""
Row = tuple[int, Mapping[str, Any]]
Said = tuple[int, Mapping[str, Any], Facts]
_KNOWN = "SELECT source_ref, number FROM cases_case WHERE source = %s AND source_ref = ANY(%s) AND source_ref <> ''"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """How many rows became cases, were there already, were refused; the refused lie in the batch."""

    accepted: int
    unchanged: int
    refused: int
    batch_id: int


def import_file(
    actor: Actor, path: Path, mapping: MappingFile, now: datetime, progress: Progress | None = None
) -> Imported:
    """Read a table (CSV, XLSX, JSON; gz) and make a case of every row, in transactions of CHUNK rows.

    A row is known by source and reference: running the file again changes nothing and says so. Raises BadTable when the
    file as a whole can't be read, Forbidden when the actor may not import; what was written before stays. Raises Refused
    in a centre whose code tables aren't there yet (its first start is under way), where every row would be refused.
    """
    require(actor, "case.import")
    if not Channel.objects.exists():
        raise Refused(NOT_READY)
    source, _ = FeedSource.objects.get_or_create(
        code=mapping.source, defaults={"name": mapping.name, "mapping": mapping.source, "active": False}
    )
    batch = FeedBatch.objects.create(source=source, name=path.name[:200], digest=digest_of(path), started_at=now)
    keeper = Keeper(batch)
    rows = read_table(path, bad_row=lambda line, why: keeper.refuse(line, "", {}, why))
    try:
        return import_rows(actor, rows, mapping, now, keeper, progress)
    except BadTable as broken:
        keeper.finish(now, broken.message)
        raise


def import_rows(
    actor: Actor,
    rows: Iterator[Row],
    mapping: MappingFile,
    now: datetime,
    keeper: Keeper,
    progress: Progress | None = None,
) -> Imported:
    """Make a case of every row, in the keeper's batch. What a row became is told to the keeper once it is written."""
    require(actor, "case.import")
    work = _Work(actor, mapping, now, keeper)
    work.write_all(rows, progress or (lambda done, total: None))
    keeper.finish(now)
    batch = keeper.batch
    return Imported(batch.accepted, batch.unchanged, batch.refused, batch.pk)


class _Work:
    """One import under way: judges rows, has them built, writes them."""

    def __init__(self, actor: Actor, mapping: MappingFile, now: datetime, keeper: Keeper) -> None:
        self.mapping, self.now, self.keeper = mapping, now, keeper
        self.source, self.names = keeper.batch.source.code, Names(mapping)
        marking = tuple(UrgentWord.objects.filter(active=True).values_list("word", "mark"))
        self.builder = Builder(
            self.source, mapping.until, rulebook(), actor, now, settings.QUSHU_NUMBER_PREFIX, marking, district_names()
        )
        self.rows: dict[int, Mapping[str, Any]] = {}
        self.done = 0

    def write_all(self, rows: Iterator[Row], progress: Progress) -> None:
        """Chunk by chunk, in the file's order."""
        waiting = 0
        for ready, lines in built_in_order(self._judged(rows), self.builder):
            self._write(ready, lines)
            for row in ready:
                del self.rows[row.line]
            waiting += len(ready)
            if waiting >= WORDS_OF:
                place_words()
                waiting = 0
            progress(self.done, 0)
        if waiting >= CHUNK:  # the words of fewer are placed by whoever writes next
            place_words()

    def _judged(self, rows: Iterator[Row]) -> Iterator[list[Ready]]:
        for read, said in ahead(self._read(rows)):
            self.done += read
            with transaction.atomic():  # a category that is made here changes the rules with it
                ready = self._judge(said)
            yield ready

    def _read(self, rows: Iterator[Row]) -> Iterator[tuple[int, list[Said]]]:
        """Chunk by chunk: how many rows were read, and what those say that can be understood. Asks no database."""
        while chunk := list(islice(rows, CHUNK)):
            yield (
                len(chunk),
                [(line, row, facts) for line, row in chunk if (facts := self._facts(line, row)) is not None],
            )

    def _judge(self, said: list[Said]) -> list[Ready]:
        """The rows that may become cases; the others are refused, or known already."""
        known = self._known(facts.ref for _, _, facts in said)
        new: list[tuple[int, Facts, dict[str, Any]]] = []
        for line, row, facts in said:
            if facts.ref in known:
                self.keeper.unchanged(line, facts.ref, known[facts.ref])
            elif (ids := self._ids(line, row, facts)) is not None:
                self.rows[line] = row
                new.append((line, facts, ids))
        number = self.builder.number
        return [
            Ready(line, facts, ids, case_id, number(facts, case_id))
            for case_id, (line, facts, ids) in zip(next_case_ids(len(new)), new, strict=True)
        ]

    def _facts(self, line: int, row: Mapping[str, Any]) -> Facts | None:
        try:
            return self.mapping.facts(flat(row), self.now)
        except BadRow as bad:
            self.keeper.refuse(line, self.mapping.ref_of(flat(row)), row, str(bad))
            return None

    def _ids(self, line: int, row: Mapping[str, Any], facts: Facts) -> dict[str, Any] | None:
        try:
            return self.names.ids(facts)
        except BadRow as bad:
            self.keeper.refuse(line, facts.ref, row, str(bad))
            return None

    def _write(self, ready: list[Ready], lines: Lines) -> None:
        """Write a chunk whole or not at all; what the database refuses is halved until the row is found that it means."""
        try:
            with transaction.atomic():
                self._lock()
                new, outcomes = _sorted_out(ready, self._known(row.facts.ref for row in ready))
                let_words_wait()
                copy_in(lines if len(new) == len(ready) else self.builder.build(new))
                self.keeper.write(outcomes)
        except (DataError, IntegrityError) as broken:
            self._write_halves(ready, broken)
        else:
            self.keeper.written(outcomes)

    def _write_halves(self, ready: list[Ready], broken: Exception) -> None:
        if len(ready) == 1:
            row = ready[0]
            why = f"数据库不接受这一行：{str(broken).splitlines()[0]}"
            self.keeper.refuse(row.line, row.facts.ref, self.rows[row.line], why)
            return
        middle = len(ready) // 2
        for half in (ready[:middle], ready[middle:]):
            self._write(half, self.builder.build(half))

    def _lock(self) -> None:
        """One chunk of a source at a time, so that the same row pushed twice at once becomes one case."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"feed:{self.source}"])

    def _known(self, refs: Iterable[str]) -> dict[str, str]:
        """Numbers of the cases that are there, by reference. Index: case_source_once (partial: hence the last condition)."""
        with connection.cursor() as cursor:
            cursor.execute(_KNOWN, [self.source, list(refs)])
            return dict(cursor.fetchall())


def _sorted_out(ready: Sequence[Ready], known: dict[str, str]) -> tuple[list[Ready], list[Outcome]]:
    """The rows that become cases, the first of each reference, and what is to be told of all."""
    numbers, new, outcomes = dict(known), [], []
    for row in ready:
        ref = row.facts.ref
        if ref in numbers:
            outcomes.append(Outcome(row.line, ref, "unchanged", numbers[ref]))
        else:
            numbers[ref] = row.number
            new.append(row)
            outcomes.append(Outcome(row.line, ref, "accepted", row.number))
    return new, outcomes


def digest_of(path: Path) -> bytes:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
