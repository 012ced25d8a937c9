"""The queue looks after itself: jobs of a dead worker go to another one, finished ones are forgotten."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from qushu.web.commands import worker
from qushu.web.jobs import KEEP_FINISHED_HOURS, forget_finished_jobs, retry_orphaned_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def taken_job(heartbeat_age: timedelta, lock: str | None = None) -> int:
    """A job that a worker with that last sign of life has begun; with this lock and queueing lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (%s) returning id",
            [timezone.now() - heartbeat_age],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "insert into procrastinate_jobs (task_name, queue_name, args, status, worker_id, lock, queueing_lock) "
            "values ('some', 'default', '{}', 'doing', %s, %s, %s) returning id",
            [worker, lock, lock],
        )
        (job,) = cursor.fetchone()
    return int(job)


def waiting_job(lock: str) -> int:
    """A job with this lock and queueing lock that nobody has begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (task_name, queue_name, args, status, lock, queueing_lock) "
            "values ('some', 'default', '{}', 'todo', %s, %s) returning id",
            [lock, lock],
        )
        (job,) = cursor.fetchone()
    return int(job)


def finished_job(age: timedelta, status: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (task_name, queue_name, args, status) "
            "values ('some', 'default', '{}', %s) returning id",
            [status],
        )
        (job,) = cursor.fetchone()
        cursor.execute("update procrastinate_events set at = %s where job_id = %s", [timezone.now() - age, job])
        cursor.execute(
            "insert into procrastinate_events (job_id, type, at) values (%s, %s, %s)",
            [job, status, timezone.now() - age],
        )
    return int(job)


def do(task: Any) -> None:
    async_to_sync(task.func)(cast(JobContext, SimpleNamespace(app=app)), timestamp=0)


def test_a_job_of_a_dead_worker_is_given_to_another_and_a_living_one_keeps_its_own() -> None:
    orphan, alive = taken_job(timedelta(minutes=5)), taken_job(timedelta(seconds=1))
    do(retry_orphaned_jobs)
    assert ProcrastinateJob.objects.get(pk=orphan).status == "todo"
    assert ProcrastinateJob.objects.get(pk=alive).status == "doing"


def test_an_orphan_whose_like_waits_is_let_go_and_keeps_nothing_back() -> None:
    dead = timedelta(minutes=5)
    orphan, waiting, other = taken_job(dead, "copy"), waiting_job("copy"), taken_job(dead)
    do(retry_orphaned_jobs)
    left = ProcrastinateJob.objects.filter(pk__in=[orphan, waiting, other])
    assert set(left.values_list("pk", "status")) == {(waiting, "todo"), (other, "todo")}


def test_what_comes_by_the_minute_never_takes_more_than_one_place_of_the_worker() -> None:
    """However long it takes: a queueing lock alone lets the next one begin beside the one that is at it.

    Only the giving back of orphans has no lock: an orphan of its own would hold it.
    """
    app.perform_import_paths()
    by_the_minute = {one.task for one in app.periodic_registry.periodic_tasks.values() if one.cron == "* * * * *"}
    assert [task.name for task in by_the_minute if task.lock is None] == ["qushu.web.jobs.retry_orphaned_jobs"]


def test_long_work_leaves_the_worker_a_place_for_what_comes_by_the_minute() -> None:
    app.perform_import_paths()
    long_work = (
        "qushu.insight.warnings.jobs.look_at_past",
        "qushu.insight.understanding.jobs.retrain_models",
        "qushu.insight.understanding.jobs.retrain_on_request",
        "qushu.insight.matters.jobs.look_at_history",
        "qushu.cases.jobs.export_cases",
    )
    locks = {app.tasks[name].lock for name in long_work}
    places = next(option for option in worker.params if option.name == "concurrency").default
    assert None not in locks
    assert len(locks) < places


def test_jobs_that_succeeded_long_ago_are_forgotten_and_failed_ones_stay() -> None:
    long_ago = timedelta(hours=KEEP_FINISHED_HOURS + 1)
    old, failed = finished_job(long_ago, "succeeded"), finished_job(long_ago, "failed")
    fresh = finished_job(timedelta(hours=1), "succeeded")
    do(forget_finished_jobs)
    assert set(ProcrastinateJob.objects.filter(pk__in=[old, failed, fresh]).values_list("pk", flat=True)) == {
        failed,
        fresh,
    }
