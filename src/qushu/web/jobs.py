"""Upkeep of the job queue itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

KEEP_FINISHED_HOURS = 72


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_orphaned_jobs", pass_context=True)
async def retry_orphaned_jobs(context: JobContext, timestamp: int) -> None:
    """Give jobs of a worker that died (kill -9, power) to another one. Jobs may therefore run twice: make them so.

    One whose like waits already (the same queueing lock) is let go: that one does its work, and needs its lock.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job(job, Status.ABORTED, delete_job=True)


@app.periodic(cron="23 20 * * *")
@app.task(queueing_lock="forget_finished_jobs", pass_context=True)
async def forget_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that succeeded three days ago, at 04:23 in Shanghai; failed ones stay to be looked at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_FINISHED_HOURS)
