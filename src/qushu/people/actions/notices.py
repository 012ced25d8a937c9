"""Notices: a line for a person, a unit, those of a unit who have a role, or all who have a role."""

from datetime import datetime

from qushu.people.access import Actor
from qushu.people.models import Grant, Notice
from qushu.people.queries import notices_for


def notify(
    text: str,
    link: str = "",
    *,
    now: datetime,
    account_id: int | None = None,
    unit_id: int | None = None,
    role: str = "",
    area_id: int | None = None,
    urgent: bool = False,
) -> Notice:
    """Leave a line for an account, a unit, a role, or with both a unit and a role those of the unit who have it.

    `link` is the page it is about. A unit in which nobody has the role gets it as a whole, so that it reaches somebody.
    Called by other actions inside their transaction; asks no permission of its own. Raises ValueError when the receiver
    is none or more than one. `area_id`: where it is; of a role those who have it for an area only are told of what is there.
    """
    if (account_id is None) == (unit_id is None and not role):
        raise ValueError("a notice has exactly one receiver: an account, a unit, a role, or a role within a unit")
    if unit_id is not None and role and not _somebody(unit_id, role):
        role = ""
    return Notice.objects.create(
        account_id=account_id,
        unit_id=unit_id,
        role=role,
        area_id=area_id,
        text=text[:300],
        link=link[:200],
        urgent=urgent,
        created_at=now,
    )


def _somebody(unit_id: int, role: str) -> bool:
    return Grant.objects.filter(unit_id=unit_id, role=role, account__is_active=True).exists()


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
