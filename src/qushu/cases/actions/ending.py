"""What ends when a case leaves a unit or ends itself: parts, requests that can't be decided any more, open orders."""

from collections.abc import Collection

from ..models import Assignment
from .moving import Step


def end_assignments(step: Step, *, returned_by: int | None = None) -> None:
    """End all parts in the case; the part of `returned_by` is marked as returned."""
    for part in Assignment.objects.filter(case=step.case, ended_at__isnull=True):
        part.ended_at = step.at
        part.ended_by_return = part.unit_id == returned_by
        part.save(update_fields=["ended_at", "ended_by_return"])


def settle_open_reviews(step: Step, remark: str, kinds: Collection[str] = ()) -> None:
    """Requests that can't be decided any more are refused with this remark; of these kinds only, where some are named."""
    waiting = step.case.reviews.filter(decided_at__isnull=True)
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    waiting.update(decided_at=step.at, decided_by_id=step.call.actor.account_id, approved=False, remark=remark)


def end_everything(step: Step, why: str) -> None:
    """The case ends without a unit's answer: parts, requests and supervision orders end with it, for this reason."""
    end_assignments(step)
    settle_open_reviews(step, why)
    orders = step.case.supervisions.filter(closed_at__isnull=True)
    numbers = list(orders.order_by("pk").values_list("number", flat=True))
    if numbers:
        orders.update(closed_at=step.at, closed_by_id=step.call.actor.account_id, closing_words=why)
        step.record["orders"] = numbers
