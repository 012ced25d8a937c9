"""Upkeep of the job queue itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

KEEP_FINISHED_HOURS = 72


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_orphaned_jobs", pass_context=True)
async def retry_orphaned_jobs(context: JobContext, timestamp: int) -> None:
    """Give jobs of a worker that died (kill -9, power) to another one. Jobs may therefore run twice: make them so."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="23 20 * * *")
@app.task(queueing_lock="forget_finished_jobs", pass_context=True)
async def forget_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that succeeded three days ago, at 04:23 in Shanghai; failed ones stay to be looked at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_FINISHED_HOURS)
