"""Models in service: learned from what was decided, compared, put in service, asked by the hotline, kept with a dispatch."""

from datetime import timedelta
from decimal import Decimal

import pytest

from qushu.cases.actions import Suggestion as Shown
from qushu.cases.actions import accept_case, dispatch_case, register_case
from qushu.cases.models import Assignment, Case, History
from qushu.cases.tests.district import MONDAY
from qushu.hotline.suggestions import SUGGESTER, Matter
from qushu.insight.understanding import actions
from qushu.insight.understanding.auto import bar_for, dispatch_by_itself
from qushu.insight.understanding.beside import learn_one
from qushu.insight.understanding.files import model_path
from qushu.insight.understanding.lessons import read_lessons
from qushu.insight.understanding.models import AutoDispatch, ModelVersion, Suggested
from qushu.insight.understanding.serving import SHELF
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.people.models import AuditEntry

from .past_cases import SMALL, put_model_in_service, write_cases

NOW = MONDAY
PIPES = "市民来电反映：钟家村自来水管漏水，停水了，希望尽快处理。"


@pytest.fixture
def learned(district) -> ModelVersion:
    """A version in service."""
    return put_model_in_service(district, NOW)


def test_a_model_that_beats_the_plain_method_serves_until_a_better_one_comes(district):
    write_cases(district, NOW)
    first = actions.retrain("unit", NOW, SMALL)
    assert (first.state, first.name, first.compared_with) == ("in_service", "unit-20240304-1", "words-1")
    assert first.top1 > first.former_top1
    assert "更准，已启用" in first.reason
    assert (first.cases, first.labels) == (420, 2)
    assert first.tested_cases == 112  # four weeks of four a day
    assert first.first_accepted < first.tested_from < first.last_accepted
    assert model_path(first.name).stat().st_mode & 0o077 == 0

    second = actions.retrain("unit", NOW, SMALL)
    assert (second.state, second.compared_with) == ("candidate", first.name)
    assert second.former_top1 == pytest.approx(first.top1)
    assert "不替换" in second.reason
    assert not model_path(second.name).exists()
    with pytest.raises(Refused, match="不保留"):
        actions.put_in_service(district.people["administrator"], second.pk, NOW)

    later = NOW + timedelta(days=400)  # by now the units have exchanged their duties
    write_cases(district, later)
    fresh = Case.objects.filter(accepted_at__gte=NOW)
    fresh.filter(lead_unit=district.water).update(lead_unit=None)
    fresh.filter(lead_unit=district.housing).update(lead_unit=district.water)
    fresh.filter(lead_unit=None).update(lead_unit=district.housing)
    third = actions.retrain("unit", later, SMALL)
    assert third.state == "in_service"
    assert third.top1 > third.former_top1
    first.refresh_from_db()
    assert first.state == "retired"


def test_a_centre_learns_from_an_archived_import_of_years_ago(district):
    write_cases(district, NOW)
    Case.objects.update(
        source="city2024", registered_at=None, dispatched_at=None, acknowledged_at=None, resolved_at=None
    )
    version = actions.retrain("unit", NOW + timedelta(days=3000), SMALL)
    assert (version.state, version.cases, version.tested_cases) == ("in_service", 420, 112)
    Case.objects.update(source="")  # closed at the desk by an answer: nobody had it
    with pytest.raises(Refused, match="还不够学习"):
        actions.retrain("unit", NOW + timedelta(days=3000), SMALL)


def test_an_administrator_puts_a_former_version_back(learned, district):
    ModelVersion.objects.update(state="retired")
    back = actions.put_in_service(district.people["administrator"], learned.pk, NOW)
    assert back.state == "in_service"
    assert AuditEntry.objects.filter(action="understanding.put_in_service").count() == 1
    with pytest.raises(Forbidden):
        actions.put_in_service(district.people["dispatcher"], learned.pk, NOW)
    with pytest.raises(Missing):
        actions.put_in_service(district.people["administrator"], 0, NOW)


def test_too_few_cases_are_not_learned_from(district):
    write_cases(district, NOW, count=40)
    with pytest.raises(Refused, match="还不够学习"):
        actions.retrain("unit", NOW, SMALL)
    assert not ModelVersion.objects.exists()


def test_the_label_is_the_unit_that_stands_after_a_redispatch_and_a_case_in_doubt_teaches_nothing(district):
    write_cases(district, NOW, count=4)
    newest = Case.objects.order_by("-accepted_at").first()
    Case.objects.filter(pk=newest.pk).update(lead_unit=district.water)
    doubted = Case.objects.order_by("accepted_at").first()
    Case.objects.filter(pk=doubted.pk).update(state="return_asked")
    lessons = read_lessons("unit", NOW - timedelta(days=365), NOW, 100)
    assert len(lessons) == 3
    assert lessons[-1].label == str(district.water.pk)
    assert [one.accepted_at for one in lessons] == sorted(one.accepted_at for one in lessons)
    assert district.community.name in lessons[0].text
    assert len(read_lessons("unit", NOW - timedelta(days=365), NOW, 2)) == 2


def test_the_hotline_asks_the_learned_model_and_gets_its_reason_and_like_cases(learned, district):
    SHELF.load_now("unit")
    first = SUGGESTER.units(PIPES, district.category.pk, district.community.pk, NOW.date())[0]
    assert (first.unit_id, first.model) == (district.water.pk, learned.name)
    assert first.score > 0.7
    assert first.reason.startswith("提到“")
    assert "最相似的" in first.reason
    assert all(number.startswith("T") for number in first.similar)
    assert SUGGESTER.units("您好，谢谢", None, None, NOW.date()) == []


def test_many_matters_cost_as_many_reads_as_one(learned, district, django_assert_max_num_queries):
    SHELF.load_now("unit")
    matter = Matter(PIPES, district.category.pk, district.community.pk)
    with django_assert_max_num_queries(8):
        assert len(SUGGESTER.units_for([matter] * 20, NOW.date())) == 20


def test_the_plain_method_answers_while_nothing_is_loaded_or_the_file_is_gone(learned, district):
    model_path(learned.name).write_bytes(b"broken")
    assert SHELF.load_now("unit") is None
    found = SUGGESTER.units("物业 房屋 供水 管网", None, None, NOW.date())
    assert all(one.model == "words-1" for one in found)


def test_a_unit_that_is_closed_is_no_longer_suggested(learned, district):
    SHELF.load_now("unit")
    type(district.water).objects.filter(pk=district.water.pk).update(active=False)
    found = SUGGESTER.units(PIPES, district.category.pk, district.community.pk, NOW.date())
    assert district.water.pk not in [one.unit_id for one in found]


def test_categories_are_learned_too(district):
    other = type(district.category).objects.filter(level=3).order_by("-code").first()
    write_cases(district, NOW)
    Case.objects.filter(lead_unit=district.housing).update(category=other)
    version = actions.retrain("category", NOW, SMALL)
    assert version.state == "in_service"
    SHELF.load_now("category")
    found = SUGGESTER.categories("楼道卫生没人打扫")
    assert found[0].category_id == other.pk
    assert found[0].reason
    assert SUGGESTER.categories("您好") == []


def registered(district, **intake) -> Case:
    case = accept_case(district.call("agent"), district.intake(**{"text": PIPES} | intake))
    call = district.call("agent")
    return register_case(call, case.pk, district.category.pk, district.community.pk, "help", "general")


def test_a_dispatch_keeps_the_three_units_that_were_suggested(learned, district):
    SHELF.load_now("unit")
    case = registered(district)
    first = SUGGESTER.units(case.statement.text, case.category_id, case.area_id, NOW.date())[0]
    shown = Shown(first.unit_id, first.model, first.score)
    dispatch_case(district.call("dispatcher"), case.pk, district.housing.pk, suggestion=shown)
    kept = Suggested.objects.get(assignment__case=case)
    assert kept.unit_ids[0] == district.water.pk
    assert kept.scores == sorted(kept.scores, reverse=True)
    assert (kept.model, kept.automatic) == (learned.name, False)
    assert Assignment.objects.get(case=case).suggestion_model == learned.name
    assert History.objects.get(case=case, move="dispatch").record["suggestion"]["taken"] is False


def test_a_suggestion_of_the_plain_method_keeps_no_further_units(district):
    case = registered(district)
    shown = Shown(district.water.pk, "words-1", 0.5)
    dispatch_case(district.call("dispatcher"), case.pk, district.water.pk, suggestion=shown)
    assert not Suggested.objects.exists()


def test_nothing_is_dispatched_by_itself_unless_it_is_switched_on(learned, district):
    registered(district)
    assert dispatch_by_itself(NOW) == 0


def test_a_sure_case_is_dispatched_by_the_system_through_the_same_action(learned, district):
    actions.set_auto_dispatch(district.people["administrator"], Decimal("80.0"), True, NOW)
    case = registered(district)
    urgent = registered(district)
    Case.objects.filter(pk=urgent.pk).update(urgency="urgent")
    old = registered(district)
    Case.objects.filter(pk=old.pk).update(registered_at=NOW - timedelta(hours=2))
    assert dispatch_by_itself(NOW + timedelta(minutes=1)) == 1
    case.refresh_from_db()
    assert (case.state, case.lead_unit_id) == ("dispatched", district.water.pk)
    row = History.objects.get(case=case, move="dispatch")
    assert row.actor_id is None
    assert row.record["suggestion"]["taken"] is True
    assert Suggested.objects.get(assignment__case=case).automatic
    assert dispatch_by_itself(NOW + timedelta(minutes=2)) == 0
    assert Case.objects.get(pk=urgent.pk).state == Case.objects.get(pk=old.pk).state == "registered"


def test_only_an_administrator_sets_automatic_dispatch_and_within_bounds(district):
    with pytest.raises(Forbidden):
        actions.set_auto_dispatch(district.people["dispatcher"], Decimal(95), True, NOW)
    with pytest.raises(Refused, match="80 %"):
        actions.set_auto_dispatch(district.people["administrator"], Decimal(50), True, NOW)
    assert not AutoDispatch.objects.exists()
    for switched_on in (True, False):
        actions.set_auto_dispatch(district.people["administrator"], Decimal("95.5"), switched_on, NOW)
    assert AutoDispatch.objects.get().switched_on is False
    assert AuditEntry.objects.filter(action="understanding.auto_set").count() == 2


def test_the_bar_is_the_lowest_kept_accuracy_that_is_not_below_the_wanted_one():
    version = ModelVersion(promises=[[0.9, 0.5, 0.8, 0.91], [0.95, 0.8, 0.4, 0.96], [0.99, 1.01, 0.0, 0.0]])
    assert bar_for(version, 0.9).confidence == 0.5
    assert bar_for(version, 0.92).confidence == 0.8
    assert bar_for(version, 0.97) is None
    assert bar_for(None, 0.9) is None


def test_the_nightly_work_says_what_came_of_each_part(district):
    assert "还不够学习" in learn_one("unit")
    assert learn_one("places") == "places: 0"
    assert not ModelVersion.objects.exists()
