from datetime import date

import pytest

from qushu.kernel.errors import Forbidden, Refused
from qushu.people import actions
from qushu.people.actions import AreaFacts, UnitFacts
from qushu.people.actors import actor_for
from qushu.people.models import AuditEntry, Unit
from qushu.people.queries import unit_choices, units_below
from qushu.places.models import Area

from .staff import NOON, log_in, make_account, make_area, make_unit

pytestmark = pytest.mark.django_db
SINCE = date(2000, 1, 1)


@pytest.fixture
def boss():
    return make_account("administrator", username="boss")


@pytest.fixture
def page(boss):
    return log_in(boss)


@pytest.fixture
def guarded():
    reasons = []
    guard = lambda unit: f"还有 3 件未办结工单由{unit.name}承办" if unit.code in reasons else ""  # noqa: E731
    actions.unit_guards.append(guard)
    yield reasons
    actions.unit_guards.remove(guard)


def sent(unit: Unit, **changed: object) -> dict:
    kept = {"code": unit.code, "name": unit.name, "kind": unit.kind, "duties": unit.duties, "active": "on"}
    return {**kept, **changed}


def test_a_unit_is_made_with_its_duties(page):
    area = make_area()
    page.post(
        "/admin/units/new/",
        {"code": "cgj", "name": "城管局", "kind": "department", "area": area.pk, "duties": "市容", "active": "on"},
    )
    unit = Unit.objects.get(code="cgj")
    assert (unit.name, unit.area, unit.duties, unit.active) == ("城管局", area, "市容", True)
    assert AuditEntry.objects.filter(action="unit.created", subject="unit:cgj", account__username="boss").exists()


def test_a_change_of_duties_is_kept_with_before_and_after(page):
    unit = make_unit("cgj", duties="市容")
    page.post(f"/admin/units/{unit.pk}/", sent(unit, duties="市容、占道"))
    assert AuditEntry.objects.get(action="unit.changed").data == {"duties": ["市容", "市容、占道"]}
    assert "市容 → 市容、占道" in page.get(f"/admin/units/{unit.pk}/").content.decode()


def test_the_code_of_a_unit_never_changes(page):
    unit = make_unit("cgj")
    page.post(f"/admin/units/{unit.pk}/", sent(unit, code="other", name="新名"))
    unit.refresh_from_db()
    assert (unit.code, unit.name) == ("cgj", "新名")


def test_a_unit_with_open_cases_can_not_be_deactivated(page, guarded):
    unit = make_unit("cgj", name="城管局")
    guarded.append("cgj")
    off = sent(unit)
    del off["active"]
    answer = page.post(f"/admin/units/{unit.pk}/", off)
    assert answer.status_code == 422 and "还有 3 件未办结工单由城管局承办" in answer.content.decode()
    unit.refresh_from_db()
    assert unit.active
    guarded.clear()
    page.post(f"/admin/units/{unit.pk}/", off)
    unit.refresh_from_db()
    assert not unit.active


def test_an_open_case_does_not_stop_other_changes(page, guarded):
    unit = make_unit("cgj")
    guarded.append("cgj")
    page.post(f"/admin/units/{unit.pk}/", sent(unit, phone="8484"))
    unit.refresh_from_db()
    assert unit.phone == "8484"


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        ("cgj", UnitFacts("新单位", "department"), "已经使用"),
        ("new", UnitFacts("城管局", "department"), "已有名为"),
        ("城管", UnitFacts("新单位", "department"), "单位代码须为"),
        ("new", UnitFacts(" ", "department"), "请填写单位名称"),
        ("new", UnitFacts("新单位", "galaxy"), "没有这个单位类别"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused_in_words(boss, code, facts, words):
    make_unit("cgj", name="城管局")
    with pytest.raises(Refused, match=words):
        actions.create_unit(actor_for(boss), code, facts, NOON)
    assert Unit.objects.count() == 1


def test_no_unit_stands_below_itself(boss):
    top = make_unit("top")
    below = make_unit("below", parent=top)
    with pytest.raises(Refused, match="上级单位不能是"):
        actions.change_unit(actor_for(boss), top.pk, UnitFacts(top.name, top.kind, parent=below), NOON)


def test_units_of_a_picker_leave_out_the_inactive_and_come_in_order_of_kind():
    make_unit("a_community", kind="community")
    make_unit("z_center", kind="center")
    make_unit("gone", active=False)
    assert [name for _, name in unit_choices()] == ["单位z_center", "单位a_community"]
    assert [name for _, name in unit_choices(kinds=("center",))] == ["单位z_center"]
    assert len(unit_choices(with_inactive=True)) == 3


def test_units_below_reach_all_the_way_down():
    top = make_unit("top")
    middle = make_unit("middle", parent=top)
    low = make_unit("low", parent=middle)
    make_unit("other")
    assert units_below({top.pk}) == {top.pk, middle.pk, low.pk}


@pytest.mark.parametrize("query", ["q=市容", "q=cgj", "q=城管", "kind=department", "state=active"])
def test_the_list_of_units_is_narrowed_by_the_address(page, query):
    make_unit("cgj", name="城管局", duties="市容秩序")
    make_unit("street", name="街道办", kind="street", active=False)
    assert [unit.code for unit in page.get(f"/admin/units/?{query}").context["page"]] == ["cgj"]


@pytest.fixture
def district():
    return make_area("420105", name="汉阳区")


@pytest.fixture
def street(district):
    return make_area("420105002", "street", district, name="建桥街道")


def test_an_area_is_opened_where_it_belongs(page, district):
    form = {
        "code": "420105009",
        "name": "江汉二桥街道",
        "level": "street",
        "parent": district.pk,
        "valid_from": "2026-03-01",
    }
    page.post("/admin/areas/new/", form)
    area = Area.objects.get(code="420105009")
    assert (area.parent, area.valid_from, area.valid_to) == (district, date(2026, 3, 1), None)
    assert AuditEntry.objects.filter(action="area.opened", subject="area:420105009").exists()


@pytest.mark.parametrize(
    ("code", "level", "above", "words"),
    [
        ("420105002", "street", True, "已经使用"),
        ("42010500", "street", True, "9 位数字"),
        ("430105002", "street", True, "以上级代码 420105 开头"),
        ("420105003", "street", False, "上级应是区"),
        ("420105002001", "community", True, "上级应是街道"),
        ("420106", "district", True, "区没有上级"),
        ("x", "galaxy", True, "没有这个级别"),
    ],
)
def test_an_area_that_does_not_fit_is_refused_in_words(boss, district, street, code, level, above, words):
    facts = AreaFacts(code, "新区域", level, district if above else None, SINCE)
    with pytest.raises(Refused, match=words):
        actions.open_area(actor_for(boss), facts, NOON)
    assert Area.objects.count() == 2


def test_a_renamed_area_keeps_its_code_and_the_trail_keeps_the_former_name(page, street):
    page.post(f"/admin/areas/{street.pk}/", {"verb": "rename", "name": "钟家村街道", "since": "2026-03-01"})
    street.refresh_from_db()
    assert (street.code, street.name) == ("420105002", "钟家村街道")
    entry = AuditEntry.objects.get(action="area.renamed")
    assert entry.data == {"name": ["建桥街道", "钟家村街道"], "since": "2026-03-01"}


def test_an_area_is_not_renamed_before_its_time(boss, street):
    with pytest.raises(Refused, match="还没到"):
        actions.rename_area(actor_for(boss), street.pk, "新名街道", date(2026, 3, 5), NOON)
    actions.rename_area(actor_for(boss), street.pk, "新名街道", date(2026, 3, 4), NOON)


def test_an_area_is_closed_at_the_end_of_a_day_and_can_be_reopened(page, street):
    page.post(f"/admin/areas/{street.pk}/", {"verb": "close", "last_day": "2026-02-28", "reason": "区划调整"})
    street.refresh_from_db()
    assert street.valid_to == date(2026, 3, 1)
    assert AuditEntry.objects.get(action="area.closed").reason == "区划调整"
    page.post(f"/admin/areas/{street.pk}/", {"verb": "close", "last_day": ""})
    street.refresh_from_db()
    assert street.valid_to is None


def test_an_area_does_not_close_before_the_areas_in_it(boss, street):
    inside = make_area("420105002001", "community", street, name="钟家村社区")
    with pytest.raises(Refused, match="其中还有 1 个区域（钟家村社区"):
        actions.close_area(actor_for(boss), street.pk, date(2026, 2, 28), NOON)
    actions.close_area(actor_for(boss), inside.pk, date(2026, 2, 28), NOON)
    actions.close_area(actor_for(boss), street.pk, date(2026, 2, 28), NOON)
    with pytest.raises(Refused, match="先恢复上级"):
        actions.close_area(actor_for(boss), inside.pk, None, NOON)


def test_an_area_does_not_end_before_it_begins(boss, street):
    with pytest.raises(Refused, match="晚于生效"):
        actions.close_area(actor_for(boss), street.pk, date(1999, 1, 1), NOON)


def test_a_community_moves_to_another_street_but_not_to_the_district(boss, district, street):
    other = make_area("420105004", "street", district)
    inside = make_area("420105002001", "community", street)
    actions.change_area(actor_for(boss), inside.pk, other, SINCE, NOON)
    inside.refresh_from_db()
    assert inside.parent == other
    with pytest.raises(Refused, match="上级应是街道"):
        actions.change_area(actor_for(boss), inside.pk, district, SINCE, NOON)


def test_a_wrong_form_on_an_areas_page_is_shown_with_its_reason(page, street):
    answer = page.post(f"/admin/areas/{street.pk}/", {"verb": "rename", "name": "建桥街道", "since": "2026-03-01"})
    assert answer.status_code == 422 and "与现在不同" in answer.content.decode()


def test_the_tree_shows_closed_areas_only_when_asked(page, district):
    make_area("420105003", "street", district, name="撤销街道", valid_to=date(2020, 1, 1))
    assert "撤销街道" not in page.get("/admin/areas/").content.decode()
    assert "撤销街道" in page.get("/admin/areas/?closed=1").content.decode()


def test_without_the_right_no_unit_and_no_area_changes(district):
    agent, unit = actor_for(make_account("agent")), make_unit()
    for attempt in (
        lambda: actions.create_unit(agent, "new", UnitFacts("新", "department"), NOON),
        lambda: actions.change_unit(agent, unit.pk, UnitFacts("新", "department"), NOON),
        lambda: actions.open_area(agent, AreaFacts("420105001", "新", "street", district, SINCE), NOON),
        lambda: actions.rename_area(agent, district.pk, "新", SINCE, NOON),
        lambda: actions.change_area(agent, district.pk, None, SINCE, NOON),
        lambda: actions.close_area(agent, district.pk, SINCE, NOON),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert not AuditEntry.objects.exists()
