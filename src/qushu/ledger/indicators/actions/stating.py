"""What a person states, with the evidence, as words and as files."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from qushu.cases.actions.keeping import examine
from qushu.kernel.errors import Refused
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ...models import Statement
from ..models import EvidenceFile
from .binding import target_of

MOST_FILES = 5
Upload = tuple[str, bytes]
"""Name and content."""


def state_value(
    actor: Actor,
    target_id: int,
    year: int,
    value: Decimal | None,
    words: str,
    evidence: str,
    now: datetime,
    files: Sequence[Upload] = (),
    as_of: date | None = None,
) -> Statement:
    """What a person says a target has reached up to a day of the year (None: today, at most its last), with the evidence.

    Raises Refused when value or evidence is missing, for a day outside, or a file that may not be kept; Missing,
    Forbidden. Nothing is kept then.
    """
    require(actor, "targets.state")
    target = target_of(target_id)
    if value is None and not words.strip():
        raise Refused("请填写数值或文字。什么也没有保存。", field="value")
    if not evidence.strip():
        raise Refused("请写明依据（文件、台账、截图的名称和存放处）。什么也没有保存。", field="evidence")
    if actor.account_id is None:
        raise Refused("填报须由具名的账号进行。什么也没有保存。")
    if len(files) > MOST_FILES:
        raise Refused(f"一次最多附 {MOST_FILES} 个文件。什么也没有保存。", field="file")
    today = timezone.localdate(now)
    as_of = as_of or min(today, date(year, 12, 31))
    if as_of.year != year or as_of > today:
        raise Refused(f"截至日期要在 {year} 年内，且不晚于今天。什么也没有保存。", field="as_of")
    with transaction.atomic():
        said = Statement.objects.create(
            target=target,
            year=year,
            as_of=as_of,
            value=value,
            words=words.strip()[:200],
            evidence=evidence.strip(),
            stated_by_id=actor.account_id,
            stated_at=now,
        )
        for name, content in files:
            keep_evidence(actor, name, content, now, said)
        facts = {"year": year, "value": str(value if value is not None else words)}
        record(actor, "target.stated", f"target:{target.pk}", reason=evidence[:200], data=facts, now=now)
    return said


def keep_evidence(
    actor: Actor, name: str, data: bytes, now: datetime, statement: Statement | None = None
) -> EvidenceFile:
    """Keep a file as evidence after the checks that files of cases go through. Raises Refused."""
    content_type, suffix, clean = examine(name, data)
    return store_evidence(actor, name, content_type, suffix, clean, now, statement)


def store_evidence(
    actor: Actor, name: str, content_type: str, suffix: str, data: bytes, now: datetime, statement: Statement | None = None
) -> EvidenceFile:  # fmt: skip
    """Write a checked file and its row."""
    stored_as = f"evidence/{secrets.token_hex(16)}{suffix}"
    path = Path(settings.MEDIA_ROOT) / stored_as
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    try:
        return EvidenceFile.objects.create(
            statement=statement,
            name=Path(name).name[-120:],
            stored_as=stored_as,
            content_type=content_type,
            size=len(data),
            digest=hashlib.sha256(data).digest(),
            added_by_id=actor.account_id,
            added_at=now,
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
