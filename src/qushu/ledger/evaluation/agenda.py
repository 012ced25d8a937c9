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
    """Forms at the steps that this person may take; whoever wrote in one can't take it. One read."""
    steps = [step for step in STEPS if may_at_all(actor, step[1])]
    forms = Evaluation.objects.filter(state__in=[step[0] for step in steps])
    forms = forms.exclude(hands__contains=[actor.account_id]).select_related("project", "document")
    waiting = list(forms.defer("snapshot", "document__text").order_by("written_at"))
    for state, _, words, rank in steps:
        if found := [one for one in waiting if one.state == state]:
            href = f"{reverse('self-evaluations')}?state={state}"
            yield Task(rank, words, len(found), "份", str(found[0]), href, "neutral", found[0].written_at)
