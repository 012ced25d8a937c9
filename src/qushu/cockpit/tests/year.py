"""A year for tests: a district with promises, money, a case that is late and one warning: what a cockpit shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.test import Client
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.models import Case
from qushu.cases.tests.district import District
from qushu.insight.warnings.models import Level, Warning
from qushu.lake.copying import bring_up_to_date
from qushu.ledger.actions import keep_document
from qushu.ledger.booking.actions import enter, open_book
from qushu.ledger.booking.queries import balance_of
from qushu.ledger.indicators.actions import decide_binding, propose_binding, state_value, take_readings
from qushu.ledger.models import BudgetDocument, Target
from qushu.ledger.tests.made_document import made_document
from qushu.people.access import SYSTEM
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

SURGE = "钟家村停水突发"
ACCEPTED = "全年累计访问量"
"""An annual target in 万 of the made document: cases can be counted for it, and two will never reach it."""


@dataclass
class Year:
    """The district, its newest document, the target that a measure speaks for, the late case."""

    district: District
    document: BudgetDocument
    accepted: Target
    case: Case

    def client(self, role: str = "leader") -> Client:
        return log_in(Account.objects.get(username=f"t-{role}"))

    def page(self, role: str = "leader") -> str:
        answer = self.client(role).get("/cockpit/")
        assert answer.status_code == 200
        return answer.content.decode()


def make_year(district: District, folder: Path) -> Year:
    """Write all of it."""
    now = timezone.now()
    case = _late_case(district)
    actions.accept_case(Call(district.people["agent"], now), district.intake())
    bring_up_to_date(now)
    document = _document(district, folder)
    accepted = Target.objects.get(document=document, name=ACCEPTED, scope="annual")
    asked = propose_binding(district.people["analyst"], accepted.pk, "hotline.accepted", now)
    decide_binding(district.people["leader"], asked.pk, True, "同意", now)
    take_readings(now.year, now)
    make_warning(now)
    return Year(district, document, accepted, case)


def make_warning(now: datetime, level: Level = Level.red) -> Warning:
    """A surge that nobody has acknowledged."""
    return Warning.objects.create(
        kind="surge", series="t", title=SURGE, ground="测试", level=level, observed=9, expected=1.0,
        since=now, raised_at=now, updated_at=now, answer_due_at=now + timedelta(hours=1),
    )  # fmt: skip


def _late_case(district: District) -> Case:
    """Accepted in 2024, never handled, handed up to the leaders."""
    case = actions.accept_case(district.call("agent"), district.intake())
    place = (district.category.pk, district.community.pk)
    actions.register_case(district.call("agent"), case.pk, *place, "complaint", "general")
    actions.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk)
    return actions.supervise_case(district.call("supervisor", timedelta(days=20)), case.pk, "escalate", "请过问")


def _document(district: District, folder: Path) -> BudgetDocument:
    now, path = timezone.now(), folder / "预算.txt"
    path.write_text(made_document(), encoding="utf-8")
    document = keep_document(SYSTEM, path, now)
    stated = Target.objects.filter(document=document, scope="annual", operator=">=").exclude(name=ACCEPTED).first()
    assert stated is not None and stated.number is not None
    state_value(district.people["analyst"], stated.pk, now.year, stated.number, "", "台账", now)
    line = open_book(SYSTEM, document, now).lines.filter(category="project").first()
    assert line is not None
    half = (balance_of(line).free / 2).quantize(Decimal("0.01"))
    enter(SYSTEM, line.pk, "commitment", half, 2, "合同", now)
    enter(SYSTEM, line.pk, "payment", half / 2, 3, "首付", now)
    return document
