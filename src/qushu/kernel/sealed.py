"""Columns that hold sealed values, and sealing them all again after the data key or the cipher has changed.

A `SealedField` says beside the column what its values are bound to, so that whoever changes the key needs no list of places.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models

from .crypto import Tampered, vault

AT_ONCE = 2_000
"""Rows that are read and written together."""

Context = Callable[..., bytes]


class SealedField(models.BinaryField):
    """A `BinaryField` of values that the vault sealed; to the database and its migrations it stays one.

    ``context`` makes what a value is bound to (`Vault.seal`) from the row's fields ``reads``, in their order.
    """

    def __init__(self, context: Context | None = None, *reads: str, **named: Any) -> None:
        super().__init__(**named)
        self.context = context
        self.reads = reads

    def deconstruct(self) -> Any:
        name, _, args, named = super().deconstruct()
        return name, "django.db.models.BinaryField", args, named


@dataclass
class Sealing:
    """What became of the sealed values of this installation."""

    current: int = 0
    """Were sealed by today's key and cipher already."""
    again: int = 0
    """Sealed again."""
    shut: list[str] = field(default_factory=list)
    """Values that no key here opens, as ``table.column row``; they stay as they are."""

    @property
    def seen(self) -> int:
        return self.current + self.again + len(self.shut)


def sealed_fields() -> list[SealedField]:
    """Every column of sealed values in the house."""
    return [column for model in apps.get_models() for column in model._meta.fields if isinstance(column, SealedField)]


def seal_again(progress: Callable[[int, int], None] | None = None) -> Sealing:
    """Seal by today's key and cipher whatever isn't, in portions; broken off, the next run goes on where it stopped.

    A value that somebody changes meanwhile stays as they left it (it is sealed by today's key anyway).
    ``progress`` is told how many values were looked at, and of how many.
    """
    done = Sealing()
    whole = sum(_held(column).count() for column in sealed_fields()) if progress else 0
    for column in sealed_fields():
        for rows in _portions(column):
            _seal_rows(column, rows, done)
            if progress:
                progress(done.seen, whole)
    return done


def _held(column: SealedField) -> models.QuerySet[Any]:
    return column.model._base_manager.filter(**{f"{column.name}__isnull": False})


def _portions(column: SealedField) -> Iterator[list[tuple[Any, ...]]]:
    """Primary key, sealed value and what its context is made of, in the order of keys."""
    held = _held(column).order_by("pk")
    last = None
    while rows := list(
        (held if last is None else held.filter(pk__gt=last)).values_list("pk", column.name, *column.reads)[:AT_ONCE]
    ):
        yield rows
        last = rows[-1][0]


def _seal_rows(column: SealedField, rows: list[tuple[Any, ...]], done: Sealing) -> None:
    safe = vault()
    assert column.context is not None
    changed = []
    for key, sealed, *reads in rows:
        if safe.is_current(sealed):
            done.current += 1
            continue
        context = column.context(*reads)
        try:
            changed.append((key, bytes(sealed), safe.seal(safe.open(sealed, context), context)))
        except Tampered:
            done.shut.append(f"{column.model._meta.db_table}.{column.column} {key}")
    if changed:
        _write(column, changed)
        done.again += len(changed)


def _write(column: SealedField, changed: list[tuple[Any, bytes, bytes]]) -> None:
    names = (column.model._meta.db_table, str(column.model._meta.pk.column), str(column.column))
    table, key, value = map(connection.ops.quote_name, names)
    keys, before, after = (list(part) for part in zip(*changed, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {value} = new.after"
            " FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS new (key, before, after)"
            f" WHERE kept.{key} = new.key AND kept.{value} = new.before",
            [keys, before, after],
        )
