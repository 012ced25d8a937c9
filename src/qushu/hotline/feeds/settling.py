"""Refused rows: opened by those who may (audited), corrected and tried again, or left with a reason."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from qushu.cases.models import Case
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy_line
from qushu.people import audit
from qushu.people.access import Actor, require

from ..importing.keeping import Outcome, open_row
from ..importing.mapping import flat
from ..models import FeedBatch, FeedRow
from .reading import mapping_of, read_in


def open_refused(actor: Actor, row_id: int, now: datetime) -> dict[str, str]:
    """What the row said, column by column, in the clear; kept in the audit trail. Raises Forbidden, Missing."""
    require(actor, "feeds.write")
    with transaction.atomic():
        row = _row(row_id)
        audit.record(actor, "feed.row_opened", _subject(row), now=now)
    return _columns(row)


def columns_of_refused(row_id: int) -> list[str]:
    """The names of the row's columns and of those that its mapping reads; no values. Raises Missing."""
    return list(_columns(_row(row_id)))


def try_again(actor: Actor, row_id: int, corrected: Mapping[str, str], now: datetime) -> Case:
    """Make a case of the row as it was corrected, in a batch of its own.

    The row as it came stays kept. Raises Refused with the reason when it can't be a case even so: then nothing changed.
    """
    require(actor, "feeds.write")
    outcomes: list[Outcome] = []
    with transaction.atomic():
        row = _locked(row_id)
        said: Mapping[str, Any] = dict(corrected)
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()
        name, line = f"{row.batch.name} 第 {row.line} 行", row.line
        batch = read_in(
            row.batch.source,
            FeedBatch.Way.again,
            name,
            digest,
            lambda keeper: iter([(line, said)]),
            now,
            outcomes.extend,
        )
        if not outcomes or outcomes[0].result == "refused":
            why = outcomes[0].reason if outcomes else batch.error
            raise Refused(f"{why}。没有受理；所填内容仍在页面上，请继续更正。", code="still_refused")
        case = Case.objects.get(number=outcomes[0].number)
        _settle(row, actor, now, case=case)
        audit.record(actor, "feed.row_corrected", _subject(row), data={"case": case.number}, now=now)
        return case


def settle(actor: Actor, row_id: int, why: str, now: datetime) -> None:
    """Leave a refused row as it is, for a reason. Raises Refused without one."""
    require(actor, "feeds.write")
    if not why.strip():
        raise Refused("请填写不再处理的理由。什么也没有改变。", code="empty", field="why")
    with transaction.atomic():
        row = _locked(row_id)
        _settle(row, actor, now, why=tidy_line(why)[:200])
        audit.record(actor, "feed.row_settled", _subject(row), row.settled_why, now=now)


def _settle(row: FeedRow, actor: Actor, now: datetime, *, case: Case | None = None, why: str = "") -> None:
    row.settled_at, row.settled_by_id, row.case, row.settled_why = now, actor.account_id, case, why
    row.save(update_fields=["settled_at", "settled_by", "case", "settled_why"])


def _columns(row: FeedRow) -> dict[str, str]:
    said = {str(name): "" if value is None else str(value) for name, value in flat(open_row(row)).items()}
    read = [column for field in mapping_of(row.batch.source).fields.values() for column in field.columns]
    return dict.fromkeys(read, "") | said


def _row(row_id: int) -> FeedRow:
    row = FeedRow.objects.select_related("batch__source").filter(pk=row_id).first()
    if row is None:
        raise Missing("没有这一行。")
    return row


def _locked(row_id: int) -> FeedRow:
    row = FeedRow.objects.select_for_update(of=("self",)).select_related("batch__source").filter(pk=row_id).first()
    if row is None:
        raise Missing("没有这一行。")
    if row.settled_at is not None:
        raise Refused("这一行刚才已经处理过。什么也没有改变；请刷新页面。", code="settled")
    return row


def _subject(row: FeedRow) -> str:
    return f"feed:{row.batch.source.code} {row.batch_id}/{row.line}"
