"""`import_file`: every good row becomes a case, every bad one is kept with its line and the reason, none twice."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from qushu.cases.actions.intake import next_case_ids
from qushu.cases.models import Case
from qushu.cases.rulebook import rulebook
from qushu.kernel.crypto import vault
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.table_reading import read_table
from qushu.people.access import Actor, require

from ..models import FeedBatch, FeedRow, FeedSource
from .building import Builder, Built
from .mapping import BadRow, Facts, MappingFile
from .names import Names

CHUNK = 2000
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
    file as a whole can't be read, Forbidden when the actor may not import; what was written before stays.
    """
    require(actor, "case.import")
    source, _ = FeedSource.objects.get_or_create(
        code=mapping.source, defaults={"name": mapping.name, "mapping": mapping.source, "active": False}
    )
    batch = FeedBatch.objects.create(source=source, name=path.name, digest=_digest(path), started_at=now)
    work = _Work(batch, mapping, _builder(actor, mapping, now), now)
    rows = read_table(path, bad_row=lambda line, why: work.refuse(line, {}, why))
    done = 0
    for chunk in _chunks(rows):
        work.write(chunk)
        done += len(chunk)
        if progress:
            progress(done, 0)
    work.finish()
    return Imported(batch.accepted, batch.unchanged, batch.refused, batch.pk)


class _Work:
    """One import under way: judges rows, writes good ones, keeps bad ones."""

    def __init__(self, batch: FeedBatch, mapping: MappingFile, builder: Builder, now: datetime) -> None:
        self.batch, self.mapping, self.builder, self.now = batch, mapping, builder, now
        self.refused: list[FeedRow] = []

    def write(self, chunk: list[tuple[int, dict[str, Any]]]) -> None:
        with transaction.atomic():
            facts = [(line, row, said) for line, row in chunk if (said := self._judge(line, row)) is not None]
            known = self._known([said.ref for _, _, said in facts])
            new: dict[str, tuple[Facts, dict[str, Any]]] = {}
            for line, row, said in facts:
                if said.ref in known or said.ref in new:
                    self.batch.unchanged += 1
                    continue
                try:
                    new[said.ref] = (said, self.builder.resolve(said))
                except BadRow as bad:
                    self.refuse(line, row, str(bad))
            ids = next_case_ids(len(new))
            built = [self.builder.build(case_id, *row) for case_id, row in zip(ids, new.values(), strict=True)]
            copy_cases(built)
            self.batch.accepted += len(built)
            self._keep_refused()

    def refuse(self, line: int, row: dict[str, Any], why: str) -> None:
        text = json.dumps(row, ensure_ascii=False, default=str)
        sealed = vault().seal(text, f"feed:{self.batch.pk}:{line}".encode())
        self.refused.append(FeedRow(batch=self.batch, line=line, reason=why[:300], sealed=sealed))

    def finish(self) -> None:
        self._keep_refused()
        self.batch.finished_at = self.now
        self.batch.save()

    def _judge(self, line: int, row: dict[str, Any]) -> Facts | None:
        try:
            return self.mapping.facts(row, self.now)
        except BadRow as bad:
            self.refuse(line, row, str(bad))
            return None

    def _known(self, refs: list[str]) -> set[str]:
        rows = Case.objects.filter(source=self.mapping.source, source_ref__in=refs)
        return set(rows.values_list("source_ref", flat=True))

    def _keep_refused(self) -> None:
        self.batch.refused += len(self.refused)
        FeedRow.objects.bulk_create(self.refused)
        self.refused.clear()
        self.batch.save()


def copy_cases(built: Iterable[Built]) -> None:
    """Write the rows of many cases with COPY, in the transaction that is open."""
    cases = list(built)
    _copy([one.case for one in cases])
    _copy([one.statement for one in cases])
    for rows in ("history", "clocks", "assignments", "messages"):
        _copy([row for one in cases for row in getattr(one, rows)])


def _copy(rows: list[Any]) -> None:
    if not rows:
        return
    fields = [
        field
        for field in rows[0]._meta.concrete_fields
        if not (isinstance(field, models.BigAutoField) and rows[0].pk is None)
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [(field.attname, _prepared(field)) for field in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{rows[0]._meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row([prepare(getattr(row, name)) for name, prepare in values])


def _prepared(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    return lambda value: value


def _builder(actor: Actor, mapping: MappingFile, now: datetime) -> Builder:
    return Builder(mapping, Names(mapping), rulebook(), lifecycle("hotline"), actor, now, settings.QUSHU_NUMBER_PREFIX)


def _chunks(rows: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
