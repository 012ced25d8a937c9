"""Forms that wait for a reviewer's or a signer's hand."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from qushu.people.access import Actor, may_at_all
from qushu.people.agenda import Rank, Task, offer_tasks

from .models import Evaluation

STEPS = (
    (Evaluation.State.reviewed, "evaluation.sign", "签署绩效自评和监控表", Rank.signature),
    (Evaluation.State.submitted, "evaluation.review", "复核绩效自评和监控表", Rank.decision),
)


def offer_forms() -> None:
    """Put them where the cockpit finds them."""
    offer_tasks("evaluations", "budget.read", _waiting)


def _waiting(actor: Actor, now: datetime) -> Iterator[Task]:
    """Forms at the step that this person may take; whoever wrote in one can't take it."""
    for state, action, words, rank in STEPS:
        if not may_at_all(actor, action):
            continue
        forms = Evaluation.objects.filter(state=state).exclude(hands__contains=[actor.account_id])
        if found := list(forms.select_related("project", "document").order_by("written_at")):
            href = f"{reverse('self-evaluations')}?state={state}"
            yield Task(rank, words, len(found), "份", str(found[0]), href, "neutral", found[0].written_at)
