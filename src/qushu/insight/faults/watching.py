"""The system's look at itself: does the data copy answer, and is it fresh?"""

from datetime import datetime

from qushu.lake.engine import ask
from qushu.lake.files import newest
from qushu.lake.models import StaleCase

OLDEST_SECONDS = 3600
"""Changed cases wait for the copy for seconds; an hour means that it stands still."""


def trouble(now: datetime) -> str:
    """What is wrong, in words; empty when nothing is. A copy that was never written is not there yet, not broken."""
    import duckdb  # slow to import, and only the worker looks

    copy = newest()
    if not copy.months:
        return ""
    try:
        ask("SELECT count(*) FROM {cases}", copy=copy)
    except (duckdb.Error, OSError) as error:
        return f"数据副本不能读取（{type(error).__name__}）"
    behind = now.timestamp() - copy.written_at
    if behind > OLDEST_SECONDS and StaleCase.objects.exists():
        return f"数据副本已 {int(behind // 60)} 分钟没有更新，有工单等待写入"
    return ""
