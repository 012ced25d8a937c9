"""The district that the demo needs before its cases: areas, units, people. Seeding again adds only what is missing."""

import random
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from qushu.cases.seed import rows_of, seed_codes
from qushu.hotline.seed import seed_duty, seed_hotline
from qushu.people.models import Account, Grant, Role, Unit
from qushu.places.models import Area
from qushu.places.seed import seed_areas

from .people import invented_name

STAFF = {Role.agent: 28, Role.dispatcher: 5, Role.supervisor: 4, Role.follow_up: 8, Role.analyst: 2, Role.leader: 2}
DUTY_DAYS_BEFORE, DUTY_DAYS = 7, 60
STREET_DUTIES = "市容环境、物业协调、社区治理、邻里纠纷、楼道堆物、停车、困难群众走访等属地管理事项。"


def seed_district(today: date) -> int:
    """Everything but cases, in one transaction: how many rows were added. `today` starts the duty roster."""
    with transaction.atomic():
        return (
            seed_codes()
            + seed_areas(datetime.now(UTC))
            + seed_units()
            + seed_accounts()
            + seed_hotline()
            + seed_duty(today - timedelta(days=DUTY_DAYS_BEFORE), DUTY_DAYS)
        )


def seed_units() -> int:
    """The centre, the departments and enterprises with their duties, a street office and a community unit per area."""
    before = Unit.objects.count()
    for row in rows_of("qushu.demo", "units.csv"):
        kept = {name: row[name] or "" for name in ("name", "kind", "duties", "phone")}
        Unit.objects.get_or_create(code=row["code"], defaults=kept)
    for area in Area.objects.filter(level="street"):
        duties = f"{area.name}辖区内{STREET_DUTIES}"
        named = {"name": f"{area.name}办事处", "kind": Unit.Kind.street, "area": area, "duties": duties}
        Unit.objects.get_or_create(code=f"street_{area.code}", defaults=named)
    offices = {unit.area_id: unit for unit in Unit.objects.filter(kind=Unit.Kind.street)}
    known = set(Unit.objects.values_list("code", flat=True))
    Unit.objects.bulk_create(
        Unit(
            code=f"community_{area.code}",
            name=f"{area.name}居民委员会",
            kind=Unit.Kind.community,
            parent=offices.get(area.parent_id),
            area=area,
            duties="居民自治、邻里调解、网格巡查、代办服务，协助街道办理本社区事项。",
        )
        for area in Area.objects.filter(level="community")
        if f"community_{area.code}" not in known
    )
    return Unit.objects.count() - before


def seed_accounts() -> int:
    """Staff of the centre and two people per unit, none of whom can log in until a password is set."""
    rng = random.Random(20240101)
    wanted: list[tuple[str, str, Unit | None]] = [
        (f"{role.value}{number:02d}", role.value, None)
        for role, count in STAFF.items()
        for number in range(1, count + 1)
    ]
    for body in Unit.objects.exclude(kind=Unit.Kind.community).order_by("code"):
        wanted += [(f"{body.code}_1", Role.unit.value, body), (f"{body.code}_leader", Role.unit_leader.value, body)]
    known = set(Account.objects.values_list("username", flat=True))
    added = 0
    for username, role, unit in wanted:
        name = invented_name(rng)
        if username in known:
            continue
        account = Account(username=username, name=name, created_at=datetime.now(UTC))
        account.set_unusable_password()
        account.save()
        Grant.objects.create(account=account, role=role, unit=unit)
        added += 1
    return added
