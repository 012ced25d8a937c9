"""Work of the cases that the worker does: exports, and the return of what was shelved."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from qushu.people.models import Export

from .actions import bring_back_shelved
from .exports import forget_exports, write_export

log = logging.getLogger(__name__)


@app.task(queue="exports", lock="exports")
def export_cases(export_id: int) -> None:
    """Write an export's file; what goes wrong is told to the person who waits, and raised for the one who operates."""
    try:
        write_export(export_id)
    except Exception:
        log.exception("export %s", export_id)
        Export.objects.filter(pk=export_id).update(
            error="导出没有完成，没有生成文件。请再试一次；若仍失败，请告诉管理员。", finished_at=timezone.now()
        )
        raise


@app.periodic(cron="41 19 * * *")
@app.task(queueing_lock="forget_exports")
def forget_old_exports(timestamp: int) -> None:
    """Remove export files of more than a week ago, at 03:41 in Shanghai."""
    forget_exports(timezone.now())


@app.periodic(cron="10 16 * * *")
@app.task(queueing_lock="bring_back")
def bring_back(timestamp: int) -> None:
    """Resume the shelved cases whose day of review has come, at 00:10 in Shanghai."""
    count = bring_back_shelved(timezone.now())
    log.info("%s shelved cases are back in hand", count)
