"""Cases at each workplace of the small test district, and the people who work there, as of now."""

from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone

from qushu.cases import actions, clockwork
from qushu.cases.actions import Call
from qushu.cases.models import Case
from qushu.cases.tests.district import District
from qushu.people.models import Account, Unit
from qushu.people.tests.staff import log_in


def client(role: str) -> Client:
    """A browser of the person with this role."""
    return log_in(Account.objects.get(username=f"t-{role}"))


def call(district: District, role: str) -> Call:
    """A call by the person of this role, now."""
    return Call(district.people[role], timezone.now())


def registered(district: District, urgency: str = "general", **facts: object) -> Case:
    """A case that waits for dispatch."""
    case = actions.accept_case(call(district, "agent"), district.intake(**facts))
    return actions.register_case(
        call(district, "agent"), case.pk, district.category.pk, district.community.pk, "complaint", urgency
    )


def dispatched(district: District, unit: Unit | None = None, assisting: tuple[int, ...] = ()) -> Case:
    """A case that waits for its unit (the water company, if no other is named)."""
    case = registered(district)
    return actions.dispatch_case(call(district, "dispatcher"), case.pk, (unit or district.water).pk, assisting)


def past_due(case: Case, clock: str = "resolve", at: datetime | None = None) -> Case:
    """The case, whose running clock of this name ran out at `at` (an hour ago, if it isn't named)."""
    case.clocks.filter(name=clock, stopped_at__isnull=True).update(due_at=at or timezone.now() - timedelta(hours=1))
    clockwork.show_deadlines(case, case.clocks.filter(stopped_at__isnull=True))
    case.save(update_fields=["due_at", "due_clock", "overdue_from"])
    return case


def resolved(district: District) -> Case:
    """A case whose citizen is to be called."""
    case = dispatched(district)
    actions.acknowledge_case(call(district, "unit"), case.pk)
    return actions.resolve_case(call(district, "unit"), case.pk, "已修复", "solved")


def returned(district: District) -> Case:
    """A case that its unit gave back, with its reason."""
    case = dispatched(district)
    actions.ask_return(
        call(district, "unit"), case.pk, district.reason("return"), "管线属小区物业", district.housing.pk
    )
    review = case.reviews.get()
    return actions.decide_review(call(district, "supervisor"), review.pk, True, "同意")
