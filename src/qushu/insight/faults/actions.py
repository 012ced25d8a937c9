"""Writes: a fault is recorded and ended, by a person or by the system's own look at itself."""

from datetime import datetime

from django.db import IntegrityError, transaction

from qushu.kernel.errors import Missing, Refused
from qushu.people.access import Actor, require
from qushu.people.actions import notify
from qushu.people.audit import record

from .models import Fault
from .watching import trouble

HEARD_BY = ("administrator", "analyst")


def record_fault(actor: Actor, part: str, started_at: datetime, ended_at: datetime | None, words: str, now: datetime) -> Fault:  # fmt: skip
    """What a person noticed. Raises Refused (times that can't be, one of the part that runs or overlaps), Forbidden."""
    require(actor, "faults.write")
    if not words.strip():
        raise Refused("请写明情况。没有登记。", field="words")
    if started_at > now or (ended_at is not None and (ended_at < started_at or ended_at > now)):
        raise Refused("开始、恢复的时间不对：恢复不能早于开始，都不能晚于现在。没有登记。", field="started_at")
    same = Fault.objects.filter(part=part).exclude(ended_at__lt=started_at)
    if (ended_at is None and same.exists()) or (
        ended_at is not None and same.filter(started_at__lte=ended_at).exists()
    ):
        raise Refused("这一部分同一时间已有一次故障，不重复计。没有登记。", field="part")
    with transaction.atomic():
        fault = Fault.objects.create(
            part=part,
            started_at=started_at,
            ended_at=ended_at,
            words=words.strip()[:300],
            recorded_by_id=actor.account_id,
            recorded_at=now,
        )
        data = {"part": fault.get_part_display(), "started": started_at.isoformat()}
        record(actor, "fault.recorded", f"fault:{fault.pk}", data=data, now=now)
    return fault


def end_fault(actor: Actor, fault_id: int, now: datetime) -> Fault:
    """It works again. Raises Missing, Forbidden, Refused when it has ended already."""
    require(actor, "faults.write")
    with transaction.atomic():
        fault = Fault.objects.select_for_update().filter(pk=fault_id).first()
        if fault is None:
            raise Missing("没有这次故障。")
        if fault.ended_at is not None:
            raise Refused("这次故障已经恢复。什么也没有改变。")
        fault.ended_at = now
        fault.save()
        record(actor, "fault.ended", f"fault:{fault.pk}", data={"ended": now.isoformat()}, now=now)
    return fault


def look_at_itself(now: datetime) -> Fault | None:
    """Note a fault of the data copy when it begins, tell who can mend it, and end the system's own note when it is over."""
    words = trouble(now)
    running = Fault.objects.filter(part=Fault.Part.data, ended_at__isnull=True)
    if not words:
        running.filter(recorded_by__isnull=True).update(ended_at=now)
        return None
    if running.exists():
        return None
    try:
        with transaction.atomic():
            fault = Fault.objects.create(part=Fault.Part.data, started_at=now, words=words[:300], recorded_at=now)
            for role in HEARD_BY:
                notify(f"分析系统故障：{words}", "/faults/", now=now, role=role, urgent=True)
    except IntegrityError:  # noted by a person in the same moment
        return None
    return fault
