"""A small district that tests of every room share: seeded code tables, a few units, people of each role."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qushu.cases.actions import Call, Intake
from qushu.cases.contact import Contact
from qushu.cases.models import Category, Reason
from qushu.cases.seed import seed_codes
from qushu.people.access import Actor, GrantValue
from qushu.people.models import Account, Grant, Role, Unit
from qushu.places.models import Area
from qushu.places.seed import seed_areas

MONDAY = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, an ordinary Monday


@dataclass
class District:
    """The tables' rows by name, and actors by role."""

    street: Area
    community: Area
    water: Unit
    housing: Unit
    category: Category
    people: dict[str, Actor]

    def call(self, role: str, after: timedelta = timedelta(), **more: object) -> Call:
        """A call by the person of this role, so long after Monday nine o'clock."""
        return Call(self.people[role], MONDAY + after, **more)  # type: ignore[arg-type]

    def reason(self, move: str) -> int:
        return Reason.objects.filter(move=move).first().pk  # type: ignore[union-attr]

    def intake(self, **changes: object) -> Intake:
        facts = {
            "channel": "12345",
            "text": "市民来电反映：钟家村社区门口自来水管爆裂，路面积水，希望尽快维修。",
            "area_id": self.community.pk,
            "contact": Contact("王小明", "19900270001", "", "钟家村1号"),
        }
        return Intake(**(facts | changes))  # type: ignore[arg-type]


def make_district() -> District:
    """Write the district's rows."""
    seed_areas(MONDAY)
    seed_codes()
    community = Area.objects.filter(level="community").order_by("code").first()
    water = Unit.objects.create(code="T-WATER", name="测试水务集团", kind="enterprise", duties="供水 管网 抢修")
    housing = Unit.objects.create(code="T-HOUSING", name="测试住建局", kind="department", duties="物业 房屋")
    people = {}
    for role in Role.values:
        account = Account.objects.create(username=f"t-{role}", name=f"测试{Role(role).label}", password="!")
        unit = water if role in ("unit", "unit_leader") else None
        Grant.objects.create(account=account, role=role, unit=unit)
        people[role] = Actor(account.name, (GrantValue(role, unit.pk if unit else None),), account.pk)
    other = Account.objects.create(username="t-other", name="测试他单位", password="!")
    Grant.objects.create(account=other, role="unit", unit=housing)
    people["other_unit"] = Actor(other.name, (GrantValue("unit", housing.pk),), other.pk)
    category = Category.objects.filter(level=3).order_by("code").first()
    return District(community.parent, community, water, housing, category, people)
