"""A reviewed report waits for a signature by somebody else."""

from datetime import timedelta

from qushu.cases.tests.district import District
from qushu.people.access import Actor
from qushu.people.agenda import Rank, Task, tasks_for
from qushu.people.models import Account
from qushu.people.tests.staff import log_in
from qushu.reports.actions import make_report, review_version
from qushu.reports.tests.seasons import NOW

from .test_life import APRIL


def waiting(actor: Actor) -> list[Task]:
    return [task for task in tasks_for(actor, NOW) if "报告" in task.words]


def test_a_reviewed_report_waits_for_a_signature(spring: District) -> None:
    leader, supervisor = spring.people["leader"], spring.people["supervisor"]
    draft = make_report(spring.people["analyst"], "monthly", *APRIL, NOW)
    assert not waiting(leader)
    review_version(supervisor, draft.pk, "属实", NOW + timedelta(hours=1))
    (task,) = waiting(leader)
    assert (task.rank, task.count, task.why) == (Rank.signature, 1, draft.title)
    assert not waiting(supervisor)  # who reviewed doesn't sign
    page = log_in(Account.objects.get(username="t-leader")).get(task.href).text
    assert f"/reports/{draft.report_id}/" in page
