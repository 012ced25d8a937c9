"""One reading of a source: a batch, its rows, its receipts. Push, pull and correction all come through here."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from qushu.kernel.errors import Refused
from qushu.people.access import Actor, GrantValue

from ..importing import import_rows
from ..importing.keeping import Keeper, Tell
from ..importing.mapping import BadMapping, MappingFile, read_mapping
from ..models import FeedBatch, FeedSource

Rows = Callable[[Keeper], Iterator[tuple[int, Mapping[str, Any]]]]
"""Gives the rows; what can't be read as a row is refused through the keeper."""


def mapping_of(source: FeedSource) -> MappingFile:
    """The mapping of a source. Raises Refused when it can't be used."""
    try:
        return read_mapping(source.mapping)
    except BadMapping as bad:
        raise Refused(
            f"“{source.name}”的映射不能用：{bad}。什么也没有读入；请改正映射文件。", code="bad_mapping"
        ) from bad


def actor_of_source(source: FeedSource) -> Actor:
    """Who acts when a source's rows become cases: the system, under the source's name."""
    return Actor(source.name, (GrantValue("system"),), source.account_id)


def read_in(
    source: FeedSource, way: str, name: str, digest: bytes, rows: Rows, now: datetime, tell: Tell | None = None
) -> FeedBatch:
    """Read rows into a new batch. A broken file ends its batch with the error; what was read until then stays.

    Raises Refused when the mapping can't be used: then there is no batch.
    """
    mapping = mapping_of(source)
    batch = FeedBatch.objects.create(source=source, way=way, name=name[:200], digest=digest, started_at=now)
    keeper = Keeper(batch, tell)
    try:
        import_rows(actor_of_source(source), rows(keeper), mapping, now, keeper)
    except Refused as broken:
        keeper.finish(now, broken.message)
    return batch
