"""Notices: a line for a person, a unit, or all who have a role."""

from datetime import datetime

from qushu.people.access import Actor
from qushu.people.models import Notice
from qushu.people.queries import notices_for


def notify(
    text: str,
    link: str = "",
    *,
    now: datetime,
    account_id: int | None = None,
    unit_id: int | None = None,
    role: str = "",
    urgent: bool = False,
) -> Notice:
    """Leave a line for exactly one of an account, a unit, or a role; `link` is the page it is about.

    Called by other actions inside their transaction; asks no permission of its own. Raises ValueError when the receiver
    is none or more than one.
    """
    if sum((account_id is not None, unit_id is not None, bool(role))) != 1:
        raise ValueError("a notice has exactly one receiver: an account, a unit or a role")
    return Notice.objects.create(
        account_id=account_id,
        unit_id=unit_id,
        role=role,
        text=text[:300],
        link=link[:200],
        urgent=urgent,
        created_at=now,
    )


def mark_read(actor: Actor, notice_id: int, now: datetime) -> Notice | None:
    """Mark one of the actor's notices read, for the whole unit or role if it is theirs; None if not the actor's."""
    notice = notices_for(actor).filter(pk=notice_id).first()
    if notice is None:
        return None
    notices_for(actor).filter(pk=notice_id, read_at__isnull=True).update(read_at=now, read_by_id=actor.account_id)
    return notice


def mark_all_read(actor: Actor, up_to_id: int, now: datetime) -> int:
    """Mark read what the actor has seen: notices up to `up_to_id`; one that came in meanwhile stays unread."""
    seen = notices_for(actor).filter(read_at__isnull=True, pk__lte=up_to_id)
    return seen.update(read_at=now, read_by_id=actor.account_id)
