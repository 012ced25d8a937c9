"""Forms wait for those who may take the next step and did not write in them."""

from datetime import date
from pathlib import Path

from django.utils import timezone

from qushu.ledger.actions import keep_document
from qushu.ledger.evaluation.models import Evaluation
from qushu.ledger.tests.made_document import made_document
from qushu.people.access import SYSTEM, Actor, GrantValue
from qushu.people.agenda import Rank, Task, tasks_for
from qushu.people.models import Account
from qushu.people.tests.staff import log_in, make_account


def waiting(account: Account, role: str) -> list[Task]:
    actor = Actor(account.name, (GrantValue(role),), account.pk)
    return [task for task in tasks_for(actor, timezone.now()) if "自评" in task.words]


def test_a_form_waits_for_a_reviewer_then_for_a_leader(db: None, tmp_path: Path) -> None:
    path = tmp_path / "预算.txt"
    path.write_text(made_document(), encoding="utf-8")
    document = keep_document(SYSTEM, path, timezone.now())
    writer, reviewer, leader = make_account("analyst"), make_account("analyst"), make_account("leader")
    form = Evaluation.objects.create(
        kind="self", document=document, year=2024, as_of=date(2024, 12, 31), scheme="x", state="drafted",
        hands=[writer.pk], filled_at=timezone.now(), written_at=timezone.now(),
    )  # fmt: skip
    assert not waiting(reviewer, "analyst")

    Evaluation.objects.update(state="submitted")
    assert not waiting(writer, "analyst")  # who wrote may not review
    (task,) = waiting(reviewer, "analyst")
    assert (task.rank, task.count, task.why) == (Rank.decision, 1, str(form))
    assert f"/evaluations/{form.pk}/" in log_in(reviewer).get(task.href).text

    Evaluation.objects.update(state="reviewed")
    assert not waiting(reviewer, "analyst")
    (task,) = waiting(leader, "leader")
    assert (task.rank, task.count) == (Rank.signature, 1)
    assert f"/evaluations/{form.pk}/" in log_in(leader).get(task.href).text
    assert f"/evaluations/{form.pk}/" not in log_in(leader).get(task.href.replace("reviewed", "submitted")).text
