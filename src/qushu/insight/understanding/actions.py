"""Every write of understanding: versions of models, the switch of automatic dispatch, what was suggested."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from qushu.cases.rules import SHANGHAI
from qushu.kernel.errors import Missing, Refused
from qushu.people import audit
from qushu.people.access import Actor, require

from .files import drop_models, keep_model, model_path
from .models import AutoDispatch, ModelVersion

if TYPE_CHECKING:
    from .learning import Plan
    from .retraining import Trained

KEPT_FILES = 3


def retrain(
    what: str, now: datetime, plan: "Plan | None" = None, tell: Callable[[str], None] = lambda _: None
) -> ModelVersion:
    """Learn anew, write the version down with the figures of both sides, put it in service when it is better.

    The files are written before the row that names them, so that a row in service always has its file.
    """
    from .retraining import PLAN, learn_anew  # scikit-learn: not for every process

    began = timezone.now()
    trained = learn_anew(what, now, plan or PLAN, tell)
    name = _next_name(what, now)
    version = _version(trained, name, now)
    version.seconds = round((timezone.now() - began).total_seconds(), 1)
    if trained.whole is None:
        version.state = ModelVersion.State.candidate
        version.save()
        return version
    version.digest, version.size = keep_model(trained.whole, name)
    version.trial_digest, _ = keep_model(trained.twin, name, trial=True)
    with transaction.atomic():
        _retire(what)
        version.state = ModelVersion.State.in_service
        version.save()
    _drop_old_files(what)
    return version


def put_in_service(actor: Actor, version_id: int, now: datetime) -> ModelVersion:
    """An administrator puts a version back whose file is kept. Raises Missing, Forbidden, Refused."""
    require(actor, "understanding.write")
    with transaction.atomic():
        version = ModelVersion.objects.select_for_update().filter(pk=version_id).first()
        if version is None:
            raise Missing("没有这个模型版本。")
        if not version.digest or not model_path(version.name).is_file():
            raise Refused("这个版本的文件已不保留，没有启用；请重新训练。")
        _retire(version.what)
        version.state = ModelVersion.State.in_service
        version.save(update_fields=["state"])
        audit.record(actor, "understanding.put_in_service", f"model:{version.name}", now=now)
    return version


def ask_retraining(actor: Actor, now: datetime) -> None:
    """Have the worker learn anew soon; asked again while it waits, nothing is added. Raises Forbidden."""
    require(actor, "understanding.write")
    with transaction.atomic():
        audit.record(actor, "understanding.retrain_asked", "model:all", now=now)
        with suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task("qushu.insight.understanding.jobs.retrain_on_request", allow_unknown=False).defer()


def set_auto_dispatch(actor: Actor, wanted: Decimal, switched_on: bool, now: datetime) -> AutoDispatch:
    """Set the accuracy that automatic dispatch must keep, and switch it on or off. Raises Forbidden, Refused."""
    require(actor, "understanding.write")
    if not Decimal(80) <= wanted <= Decimal(100):
        raise Refused("要求的准确率须在 80 % 到 100 % 之间。没有保存。", field="wanted")
    if actor.account_id is None:
        raise Refused("登录后才能更改自动派单。没有保存。")
    with transaction.atomic():
        former = AutoDispatch.objects.select_for_update().first()
        before = {"wanted": former.wanted, "switched_on": former.switched_on} if former else {}
        row = former or AutoDispatch()
        row.wanted, row.switched_on = wanted, switched_on
        row.changed_by_id, row.changed_at = actor.account_id, now
        row.save()
        after = {"wanted": str(wanted), "switched_on": switched_on}
        before = {name: str(value) if name == "wanted" else value for name, value in before.items()}
        audit.record(actor, "understanding.auto_set", "auto_dispatch:1", data=audit.changes(before, after), now=now)
    return row


def _version(trained: "Trained", name: str, now: datetime) -> ModelVersion:
    lessons, mine, former = trained.lessons, trained.mine, trained.former
    model = trained.whole or trained.twin
    return ModelVersion(
        name=name,
        what=trained.what,
        learned_at=now,
        cases=len(lessons),
        first_accepted=lessons[0].accepted_at,
        last_accepted=lessons[-1].accepted_at,
        labels=len(model.labels),
        terms=model.terms.width,
        tested_from=trained.tested_from,
        tested_cases=len(trained.asked),
        top1=mine.top1,
        top3=mine.top3,
        compared_with=former.by,
        former_top1=former.top1,
        former_top3=former.top3,
        reason=trained.reason,
        promises=trained.promises,
    )


def _next_name(what: str, now: datetime) -> str:
    """unit-20260304-1: what, the day in Shanghai, the number on that day."""
    day = f"{what}-{timezone.localtime(now, SHANGHAI):%Y%m%d}"
    numbers = [
        int(name.rsplit("-", 1)[1])
        for name in ModelVersion.objects.filter(name__startswith=f"{day}-").values_list("name", flat=True)
    ]
    return f"{day}-{max(numbers, default=0) + 1}"


def _retire(what: str) -> None:
    standing = ModelVersion.objects.filter(what=what, state=ModelVersion.State.in_service)
    standing.update(state=ModelVersion.State.retired)


def _drop_old_files(what: str) -> None:
    """Keep the files of the newest versions that were in service, so that one can be put back."""
    served = ModelVersion.objects.filter(what=what).exclude(state=ModelVersion.State.candidate)
    for version in served.order_by("-learned_at", "-id")[KEPT_FILES:]:
        if version.state == ModelVersion.State.retired:
            drop_models(version.name)
