"""A push: signed, taken once, every row answered."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from qushu.kernel.crypto import vault
from qushu.kernel.table_reading import BadTable, read_table
from qushu.people.limits import allow, use_once

from ..api.problems import Problem
from ..importing.keeping import Keeper, Outcome
from ..models import FeedBatch, FeedSource
from ..models.ways import source_context
from .reading import read_in
from .rules import WINDOW, Signature, is_genuine, is_timely, read_signature

MOST_BYTES = 5 << 20
MOST_ROWS = 1000
PER_MINUTE = 300
KEPT_FOR = 2 * WINDOW + timedelta(minutes=1)
"""How long a nonce is remembered: longer than its signature may be used."""


def take_push(code: str, signature: str, content_type: str, body: bytes, now: datetime) -> dict[str, Any]:
    """Make cases of what another system sends, and give the receipt.

    Raises Problem: 401 for a source or signature that isn't known, 409 for a nonce that was used, 413 and 415 for what is
    too large or no table, 422 when nothing in it can be read, 429 above the rate. Then nothing was accepted.
    """
    source = FeedSource.objects.filter(code=code, active=True).first()
    said = read_signature(signature)
    if source is None or said is None or not _is_from(source, said, body):
        raise Problem(401, "signature", "来源未登记、已停用，或签名不对。什么也没有受理。")
    if not is_timely(said, now):
        raise Problem(401, "untimely", "签名时间与本机相差超过 5 分钟。什么也没有受理；请校准时钟后重新签名。")
    if not allow(f"feed/{source.pk}", PER_MINUTE, 60, now):
        raise Problem(429, "too_many", "推送过于频繁，请稍后再试。这一次什么也没有受理。", {"Retry-After": "60"})
    rows = _rows_of(content_type, body)
    digest = hashlib.sha256(f"{said.stamp}.{said.nonce}.".encode() + body).digest()
    if not use_once(f"feed/{source.pk}/{said.nonce}", now + KEPT_FOR):
        return _receipt_before(source, digest)
    return _taken(source, said.nonce, digest, rows, now)


def seal_secret(source_id: int, secret: str) -> bytes:
    """A source's secret, encrypted for its row."""
    return vault().seal(secret, source_context(source_id))


def _is_from(source: FeedSource, said: Signature, body: bytes) -> bool:
    if source.secret_sealed is None:
        return False
    return is_genuine(said, vault().open(source.secret_sealed, source_context(source.pk)), body)


def _taken(source: FeedSource, nonce: str, digest: bytes, rows: Sequence[Any], now: datetime) -> dict[str, Any]:
    outcomes: list[Outcome] = []

    def given(keeper: Keeper) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for line, row in enumerate(rows, 1):
            if isinstance(row, dict):
                yield line, row
            else:
                keeper.refuse(line, "", {"value": row}, "不是一个 JSON 对象")

    batch = read_in(source, FeedBatch.Way.push, f"推送 {nonce}", digest, given, now, outcomes.extend)
    batch.receipt = [asdict(outcome) for outcome in sorted(outcomes, key=lambda outcome: outcome.line)]
    batch.save(update_fields=["receipt"])
    return receipt_of(batch)


def receipt_of(batch: FeedBatch) -> dict[str, Any]:
    """What a push is answered with."""
    counts = {name: getattr(batch, name) for name in ("accepted", "unchanged", "refused")}
    rows = [{name: value for name, value in row.items() if value != ""} for row in batch.receipt or []]
    return {"batch": batch.pk, "source": batch.source.code, **counts, "rows": rows}


def _receipt_before(source: FeedSource, digest: bytes) -> dict[str, Any]:
    """The very same push again gets the very same receipt; another one under a used nonce is refused."""
    before = FeedBatch.objects.filter(
        source=source, way=FeedBatch.Way.push, digest=digest, receipt__isnull=False
    ).first()
    if before is None:
        said = "这个 nonce 已经用过，或那次推送还没有结束。这一次什么也没有受理；请换一个 nonce 重新签名，已受理的行不会重复。"
        raise Problem(409, "nonce_used", said)
    return receipt_of(before)


def _rows_of(content_type: str, body: bytes) -> Sequence[Any]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        rows = _json_rows(body)
    elif kind == "text/csv":
        rows = _csv_rows(body)
    else:
        raise Problem(415, "content_type", "请以 application/json 或 text/csv 推送。什么也没有受理。")
    if not rows:
        raise Problem(422, "empty", "没有任何一行。什么也没有受理。")
    if len(rows) > MOST_ROWS:
        raise Problem(
            413, "too_many_rows", f"一次最多 {MOST_ROWS} 行，收到 {len(rows)} 行。什么也没有受理；请分批推送。"
        )
    return rows


def _json_rows(body: bytes) -> Sequence[Any]:
    """A list of objects, an object that holds one under "cases", or one object."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(422, "unreadable", "不是正确的 JSON。什么也没有受理。") from error
    if isinstance(said, dict):
        said = said["cases"] if isinstance(said.get("cases"), list) else [said]
    if not isinstance(said, list):
        raise Problem(422, "unreadable", "JSON 应当是对象，或由对象组成的数组。什么也没有受理。")
    return said


def _csv_rows(body: bytes) -> Sequence[Any]:
    try:
        return [row for _, row in read_table(io.BytesIO(body), "push.csv")]
    except BadTable as bad:
        raise Problem(422, "unreadable", f"{bad.message}。什么也没有受理。") from bad
