"""What ends when a case leaves a unit: its parts, and the requests that can't be decided any more."""

from ..models import Assignment
from .moving import Step


def end_assignments(step: Step, *, returned_by: int | None = None) -> None:
    """End all parts in the case; the part of `returned_by` is marked as returned."""
    for part in Assignment.objects.filter(case=step.case, ended_at__isnull=True):
        part.ended_at = step.at
        part.ended_by_return = part.unit_id == returned_by
        part.save(update_fields=["ended_at", "ended_by_return"])


def settle_open_reviews(step: Step, remark: str) -> None:
    """Requests that can't be decided any more are refused with this remark."""
    step.case.reviews.filter(decided_at__isnull=True).update(
        decided_at=step.at, decided_by_id=step.call.actor.account_id, approved=False, remark=remark
    )
