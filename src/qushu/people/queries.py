"""Reads of the people room: notices, units for pickers, the audit trail."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from qushu.kernel.asked import LAST_DAY

from .access import Actor
from .audit import KINDS, Shown, shown
from .models import AuditEntry, Notice, Unit


def unit_ids_of(actor: Actor) -> set[int]:
    """The units that the actor's grants name."""
    return set(actor.unit_ids)


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """Notices to the account, its units, its roles and its roles within units, newest first.

    A notice to a whole role reaches those who have it for the district, and those who have it for the area it is about
    (an actor has a grant for each area in a granted one: `actors.actor_for`).
    Indexes: notice_account, notice_unit, notice_role.
    """
    if actor.account_id is None:
        return Notice.objects.none()
    mine = Q(account_id=actor.account_id)
    units = unit_ids_of(actor)
    if units:
        mine |= Q(unit_id__in=units, role="")
    for grant in actor.grants:
        to_role = Q(role=str(grant.role), unit_id=grant.unit_id)
        mine |= to_role if grant.area_id is None else to_role & Q(area_id=grant.area_id)
    return Notice.objects.filter(mine).order_by("-id")


def unread_notices(actor: Actor) -> QuerySet[Notice]:
    """Those of `notices_for` that nobody has read yet."""
    return notices_for(actor).filter(read_at__isnull=True)


def unit_choices(kinds: tuple[str, ...] = (), with_inactive: bool = False) -> list[tuple[int, str]]:
    """(id, name) of units for a picker, the centre and departments first, communities last."""
    chosen = Unit.objects.all() if with_inactive else Unit.objects.filter(active=True)
    if kinds:
        chosen = chosen.filter(kind__in=kinds)
    order = {kind: place for place, kind in enumerate(Unit.Kind.values)}
    rows = sorted(chosen.values_list("pk", "name", "kind", "code"), key=lambda row: (order.get(row[2], 99), row[3]))
    return [(pk, name) for pk, name, _, _ in rows]


def units_below(ids: set[int]) -> set[int]:
    """These units and all below them."""
    found, edge = set(ids), set(ids)
    while edge:
        edge = set(Unit.objects.filter(parent_id__in=edge).values_list("pk", flat=True)) - found
        found |= edge
    return found


@dataclass(frozen=True)
class AuditFilter:
    """What an audit list is narrowed to; days are Shanghai's, `until` included; `subject` with or without its kind."""

    username: str = ""
    action: str = ""
    kind: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


def audit_entries(chosen: AuditFilter, zone: object) -> QuerySet[AuditEntry]:
    """Audit entries by a filter, newest first: by id, as they were written.

    Indexes: the primary key, audit_account and audit_subject in this order; audit_newest for days.
    """
    entries = AuditEntry.objects.select_related("account").order_by("-id")
    if chosen.username:
        entries = entries.filter(account__username=chosen.username)
    if chosen.action:
        entries = entries.filter(action=chosen.action)
    if chosen.subject:
        kinds = () if ":" in chosen.subject else [chosen.kind] if chosen.kind else KINDS
        entries = entries.filter(subject__in=[chosen.subject, *(f"{kind}:{chosen.subject}" for kind in kinds)])
    elif chosen.kind:
        entries = entries.filter(subject__startswith=f"{chosen.kind}:")
    if chosen.since:
        entries = entries.filter(at__gte=_midnight(chosen.since, zone))
    if chosen.until:
        entries = entries.filter(at__lt=_midnight(min(chosen.until, LAST_DAY) + timedelta(days=1), zone))
    return entries


def entries_about(subject: str, most: int = 20) -> list[Shown]:
    """The newest entries about one thing, in words (index audit_subject)."""
    newest = AuditEntry.objects.filter(subject=subject).select_related("account").order_by("-id")[:most]
    return [shown(entry) for entry in newest]


def _midnight(day: date, zone: object) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)  # type: ignore[arg-type]
