"""What a fresh centre and the demo district start with; seeding twice adds nothing and changes nothing."""

from collections import Counter
from datetime import date

import pytest

from qushu.cases.models import Category, Channel, ClockRule, LadderStep, Reason
from qushu.cases.rules import case_number
from qushu.demo.seed import seed_district
from qushu.demo.survey import survey
from qushu.hotline.models import AssessmentRule, AssessmentScheme, CatalogueEntry, DutyShift, Knowledge, UrgentWord
from qushu.kernel.models import CalendarDay, CalendarYear
from qushu.people.models import Account, Grant, Role, Unit
from qushu.places.models import Area

TODAY = date(2024, 11, 30)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded() -> int:
    return seed_district(TODAY)


def test_seeding_again_adds_nothing_and_leaves_what_was_edited(seeded: int) -> None:
    assert seeded > 1_500
    Category.objects.filter(code="010101").update(name="改过的名称")
    ClockRule.objects.filter(clock="resolve").update(amount=99)
    UrgentWord.objects.filter(word="着火").update(active=False)
    assert seed_district(TODAY) == 0
    assert Category.objects.get(code="010101").name == "改过的名称"
    assert set(ClockRule.objects.filter(clock="resolve").values_list("amount", flat=True)) == {99}
    assert not UrgentWord.objects.get(word="着火").active


def test_the_category_tree_has_three_levels_with_words_and_a_responsible_unit_each(seeded: int) -> None:
    levels = Counter(Category.objects.values_list("level", flat=True))
    assert levels[1] == 14 and levels[2] >= 70 and levels[3] >= 260
    leaves = Category.objects.filter(level=3)
    assert all(len(leaf.keywords.split()) >= 2 for leaf in leaves)
    assert all(leaf.full_name.count("/") == 2 for leaf in leaves)
    assert CatalogueEntry.objects.count() == levels[3]
    assert CatalogueEntry.objects.filter(to_street_office=True).count() > 25
    with_helpers = CatalogueEntry.objects.filter(assisting__isnull=False).distinct()
    assert with_helpers.count() > 30
    assert not [entry for entry in with_helpers if entry.lead_unit in entry.assisting.all()]


def test_units_are_sixty_and_more_each_with_duties_and_people(seeded: int) -> None:
    units = Unit.objects.exclude(kind="community")
    assert units.count() >= 71 and not units.filter(duties="").exists()
    assert Unit.objects.filter(kind="street", area__level="street").count() == 11
    assert Unit.objects.filter(kind="community", area__level="community", parent__kind="street").count() == 118
    for role in (Role.unit, Role.unit_leader):
        assert Grant.objects.filter(role=role).values("unit").distinct().count() == units.count()
    assert set(Role.values) - set(Grant.objects.values_list("role", flat=True)) <= {"administrator"}
    assert not [account for account in Account.objects.all() if account.has_usable_password()]


def test_the_deadline_table_is_that_of_the_rules(seeded: int) -> None:
    def amount(clock: str, urgency: str, kind: str = "complaint") -> tuple[int, str]:
        rules = ClockRule.objects.filter(clock=clock, urgency__in=["", urgency], kind__in=["", kind])
        first = rules.first()
        assert first is not None
        return first.amount, first.measure

    assert amount("dispatch", "urgent") == (60, "natural_minutes")
    assert amount("acknowledge", "general") == (120, "working_minutes")
    assert amount("acknowledge", "hard") == (1, "working_days")
    assert amount("contact", "utilities") == (1440, "natural_minutes")
    assert amount("resolve", "general", "consultation") == (2, "working_days")
    assert amount("resolve", "general", "help") == (5, "working_days")
    assert amount("resolve", "hard", "suggestion") == (10, "working_days")
    assert amount("resolve", "hard", "report") == (15, "working_days")
    assert amount("resolve", "urgent") == (120, "natural_minutes")
    assert amount("follow_up", "hard") == (2, "working_days")
    assert not ClockRule.objects.filter(source="").exists()
    combined = {(rule.clock, rule.urgency) for rule in ClockRule.objects.all()}
    assert len(combined) == 5 * 4


def test_the_ladder_reminds_urges_supervises_and_escalates(seeded: int) -> None:
    steps = LadderStep.objects.values_list("percent", "overdue_amount", "action", "receiver")
    assert list(steps) == [
        (50, None, "remind", "unit"),
        (80, None, "urge", "unit_leader"),
        (None, 0, "supervise", "unit"),
        (None, 1, "escalate", "leader"),
    ]


def test_reasons_cover_every_move_that_needs_one_and_declining_shows_a_way(seeded: int) -> None:
    moves = Counter(Reason.objects.values_list("move", flat=True))
    assert set(moves) == {"return", "extension", "shelve", "decline", "void", "reopen", "exclude", "contact"}
    assert not [reason for reason in Reason.objects.filter(move="decline") if not reason.way and reason.code != "abuse"]
    assert Channel.objects.count() == 7


def test_urgent_words_name_the_emergency_number(seeded: int) -> None:
    assert UrgentWord.objects.get(word="着火").emergency_number == "119"
    assert {"110", "119", "120", "122"} <= set(UrgentWord.objects.values_list("emergency_number", flat=True))
    assert {"urgent", "sensitive", "threat", "media", "legal"} == set(UrgentWord.objects.values_list("mark", flat=True))
    assert not UrgentWord.objects.filter(mark="urgent", emergency_number="").exists()


def test_knowledge_is_found_by_its_words_and_belongs_to_a_category_and_unit(seeded: int) -> None:
    assert Knowledge.objects.count() >= 40
    assert not Knowledge.objects.filter(category=None).exists() and not Knowledge.objects.filter(unit=None).exists()
    assert Knowledge.objects.filter(words="居住证").exists()
    assert all(len(entry.answer) > 60 for entry in Knowledge.objects.all())


def test_published_formulas_stand_in_their_versions(seeded: int) -> None:
    assert AssessmentScheme.objects.count() >= 5
    targets = AssessmentRule.objects.filter(measure="satisfied", scheme__name__contains="连云港").order_by(
        "scheme__version"
    )
    assert [(rule.target, rule.scheme.effective_from) for rule in targets] == [
        (95, date(2021, 1, 1)),
        (98, date(2022, 8, 1)),
    ]
    three = AssessmentScheme.objects.get(name__contains="准格尔旗").rules.values_list("measure", "cap")
    assert dict(three) == {"contact": 30, "solved": 35, "satisfied": 35}


def test_duty_covers_every_hour(seeded: int) -> None:
    shifts = DutyShift.objects.filter(post="lead").order_by("starts_at")
    assert all(one.ends_at == two.starts_at for one, two in zip(shifts, shifts[1:], strict=False))
    assert DutyShift.objects.filter(post="desk").count() >= 3 * shifts.count()
    leaders = DutyShift.objects.filter(post="leader").order_by("starts_at")
    assert leaders.count() * 3 == shifts.count()
    assert (leaders[0].starts_at, leaders.reverse()[0].ends_at) == (shifts[0].starts_at, shifts.reverse()[0].ends_at)


def test_the_calendar_knows_holidays_and_makeup_days(seeded: int) -> None:
    assert CalendarYear.objects.filter(year=2024).exists()
    assert not CalendarDay.objects.get(day=date(2024, 10, 1)).is_working
    assert CalendarDay.objects.get(day=date(2024, 9, 29)).is_working


def test_the_survey_sees_the_whole_district(seeded: int) -> None:
    world = survey()
    assert len(world.communities) == 118 == Area.objects.filter(level="community").count()
    assert len(world.leaves) == Category.objects.filter(level=3).count()
    assert all(leaf.lead_unit or leaf.assisting is not None for leaf in world.leaves)
    assert set(world.handlers) >= {leaf.lead_unit for leaf in world.leaves if leaf.lead_unit}
    assert case_number("HY", TODAY, 17) == "HY2411300000017"
