"""The category tree is changed while cases use it."""

from datetime import timedelta

import pytest

from qushu.cases import actions as moves
from qushu.cases.codes import actions
from qushu.cases.codes.actions import CategoryFacts, RuleFacts
from qushu.cases.codes.queries.categories import differences_of_move
from qushu.cases.codes.queries.clock_rules import Asked, ask_table
from qushu.cases.codes.uses import InUse
from qushu.cases.models import Case, Category, ClockRule
from qushu.cases.rulebook import rulebook
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.people.models import AuditEntry, Role

from .codes import as_administrator
from .district import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(district):
    return district.people["administrator"]


def at(code: str) -> Category:
    return Category.objects.get(code=code)


def facts(category: Category, **changes: object) -> CategoryFacts:
    kept = {"name": category.name, "keywords": category.keywords, "active": category.active}
    return CategoryFacts(**(kept | changes))


def rule_for(category: Category, admin, amount: int = 1) -> ClockRule:
    first = ClockRule.objects.filter(clock="resolve").order_by("priority").first()
    return actions.add_rule(
        admin, RuleFacts("resolve", amount, "working_days", category=category), first.pk, None, MONDAY
    )


def winner(category: Category) -> int:
    asked = Asked("resolve", "help", "general", category, None, MONDAY)
    return ask_table(asked, rulebook()).winner.pk


def test_a_category_is_added_below_another_with_its_full_name(district, admin):
    made = actions.add_category(admin, at("0101"), "010199", CategoryFacts("流动摊点", "摆摊、夜市，摆摊"), MONDAY)
    assert (made.level, made.full_name, made.keywords) == (3, "城市管理 / 市容秩序 / 流动摊点", "摆摊 夜市")
    top = actions.add_category(admin, None, "99", CategoryFacts("其他"), MONDAY)
    assert (top.level, top.full_name) == (1, "其他")


@pytest.mark.parametrize(
    ("parent", "code", "name"),
    [
        ("0101", "0102", "新"),
        ("0101", "010199", "占道经营"),
        ("010101", "01010101", "第四级"),
        ("01", "x y", "新"),
        ("01", "0199", ""),
    ],
)
def test_a_taken_code_or_name_a_fourth_level_and_no_name_are_refused(district, admin, parent, code, name):
    count = Category.objects.count()
    with pytest.raises(Refused):
        actions.add_category(admin, at(parent), code, CategoryFacts(name), MONDAY)
    assert Category.objects.count() == count


def test_a_renamed_category_renames_all_below_it(district, admin):
    actions.change_category(admin, at("01").pk, facts(at("01"), name="城管"), MONDAY)
    assert at("0101").full_name == "城管 / 市容秩序"
    assert at("010101").full_name == "城管 / 市容秩序 / 占道经营"
    entry = AuditEntry.objects.get(action="category.renamed")
    assert entry.data == {"name": ["城市管理", "城管"]} and entry.subject == "category:01"


def test_a_category_in_use_by_a_rule_is_not_switched_off_and_the_refusal_leads_there(district, admin):
    rule = rule_for(at("010101"), admin)
    with pytest.raises(InUse) as refused:
        actions.change_category(admin, at("010101").pk, facts(at("010101"), active=False), MONDAY)
    assert refused.value.uses[0].link == f"/admin/clocks/rules/{rule.pk}/"
    actions.end_rule(admin, rule.pk, None, MONDAY)
    with_catalogue = [use.words for use in refused.value.uses[1:]]
    assert all("派单目录" in words for words in with_catalogue)
    actions.change_category(admin, at("010101").pk, facts(at("010101"), active=False), MONDAY + timedelta(hours=1))
    assert not at("010101").active


def test_a_category_with_active_ones_below_is_not_switched_off(district, admin):
    with pytest.raises(Refused, match="下级"):
        actions.change_category(admin, at("0101").pk, facts(at("0101"), active=False), MONDAY)


def test_a_category_below_an_inactive_one_is_not_switched_on(district, admin):
    Category.objects.filter(code__startswith="0101").update(active=False)
    with pytest.raises(Refused, match="上级"):
        actions.change_category(admin, at("010101").pk, facts(at("010101"), active=True), MONDAY)


def test_a_moved_category_follows_the_rules_of_its_new_place_and_a_look_says_so_before(district, admin):
    rule = rule_for(at("02"), admin)
    before = winner(at("010101"))
    differences = differences_of_move(at("0101"), at("02"), rulebook(), MONDAY)
    assert differences and all(one.clock == "办结" and f"规则 {rule.pk}" in one.after for one in differences)
    assert {one.categories for one in differences} == {6}  # the category and the five below it
    assert winner(at("010101")) == before
    actions.move_category(admin, at("0101").pk, at("02").pk, MONDAY, "机构调整")
    assert at("010101").full_name == f"{at('02').name} / 市容秩序 / 占道经营"
    assert winner(at("010101")) == rule.pk
    assert differences_of_move(at("0101"), at("03"), rulebook(), MONDAY)


def test_a_move_that_changes_no_rule_says_so(district, admin):
    assert differences_of_move(at("010101"), at("0102"), rulebook(), MONDAY) == []


@pytest.mark.parametrize(("code", "parent"), [("010101", "02"), ("0101", "01"), ("0101", "0102")])
def test_a_category_moves_only_below_one_of_the_level_above_and_not_where_it_is(district, admin, code, parent):
    with pytest.raises(Refused):
        actions.move_category(admin, at(code).pk, at(parent).pk, MONDAY)


def test_a_name_that_is_taken_in_the_new_place_stops_the_move(district, admin):
    actions.add_category(admin, at("0102"), "010299", CategoryFacts("占道经营"), MONDAY)
    with pytest.raises(Refused, match="已有"):
        actions.move_category(admin, at("010101").pk, at("0102").pk, MONDAY)


def test_cases_keep_a_category_that_was_merged_and_it_points_to_the_other(district, admin):
    case = moves.accept_case(district.call("agent"), district.intake())
    moves.register_case(district.call("agent"), case.pk, at("010101").pk, district.community.pk, "help", "general")
    actions.merge_category(admin, at("010101").pk, at("010102").pk, MONDAY, "重复")
    merged, other = at("010101"), at("010102")
    assert (merged.active, merged.merged_into) == (False, other)
    assert Case.objects.get(pk=case.pk).category == merged
    assert {"占道经营", "摆摊"} <= set(other.keywords.split())
    with pytest.raises(Refused, match="已并入"):
        actions.change_category(admin, merged.pk, facts(merged, active=True), MONDAY)


def test_what_lies_below_a_merged_category_goes_to_the_other(district, admin):
    below = set(at("0101").children.values_list("code", flat=True))
    actions.merge_category(admin, at("0101").pk, at("0102").pk, MONDAY)
    assert below <= set(at("0102").children.values_list("code", flat=True))
    assert at("010101").full_name.startswith(at("0102").full_name)


def test_pointers_lead_to_the_category_that_is_used(district, admin):
    actions.merge_category(admin, at("010101").pk, at("010102").pk, MONDAY)
    actions.merge_category(admin, at("010102").pk, at("010103").pk, MONDAY)
    assert at("010101").merged_into == at("010103")


def test_a_category_that_a_rule_names_is_not_merged_before_a_person_decides(district, admin):
    rule_for(at("010101"), admin)
    with pytest.raises(InUse):
        actions.merge_category(admin, at("010101").pk, at("010102").pk, MONDAY)
    assert at("010101").active


@pytest.mark.parametrize(("code", "into"), [("0101", "010101"), ("0101", "0101")])
def test_only_two_categories_of_a_level_are_merged(district, admin, code, into):
    with pytest.raises(Refused):
        actions.merge_category(admin, at(code).pk, at(into).pk, MONDAY)
    with pytest.raises(Missing):
        actions.merge_category(admin, 0, at(into).pk, MONDAY)


@pytest.mark.parametrize("role", [role for role in Role.values if role != "administrator"])
def test_nobody_else_may_change_the_tree(district, role):
    person, one, other = district.people[role], at("010101"), at("010102")
    before = list(Category.objects.order_by("pk").values())
    for change in (
        lambda: actions.add_category(person, None, "99", CategoryFacts("其他"), MONDAY),
        lambda: actions.change_category(person, one.pk, facts(one, name="新"), MONDAY),
        lambda: actions.move_category(person, one.pk, at("0102").pk, MONDAY),
        lambda: actions.merge_category(person, one.pk, other.pk, MONDAY),
    ):
        with pytest.raises(Forbidden):
            change()
    assert list(Category.objects.order_by("pk").values()) == before


def test_the_pages_show_what_a_move_does_before_it_is_done(district, admin):
    rule_for(at("02"), admin)
    browser, page = as_administrator(), f"/admin/codes/categories/{at('0101').pk}/move/"
    look = browser.post(page, {"target": at("02").pk, "reason": "调整"}).content.decode()
    assert "改用别的规则" in look and at("0101").parent.code == "01"
    assert browser.post(page, {"target": at("02").pk, "reason": "调整", "sure": "1"}).status_code == 302
    assert at("0101").parent.code == "02"
    assert AuditEntry.objects.get(action="category.moved").reason == "调整"


def test_the_pages_merge_after_a_look(district):
    browser, page = as_administrator(), f"/admin/codes/categories/{at('010101').pk}/merge/"
    look = browser.post(page, {"target": at("010102").pk}).content.decode()
    assert "保留原来的类别" in look and at("010101").active
    assert browser.post(page, {"target": at("010102").pk, "sure": "1"}).status_code == 302
    assert not at("010101").active


def test_the_pages_add_rename_and_refuse_with_links(district, admin):
    browser = as_administrator()
    said = {"parent": at("0101").pk, "code": "010199", "name": "流动摊点", "keywords": "夜市", "active": "on"}
    assert browser.post("/admin/codes/categories/new/", said).status_code == 302
    made = at("010199")
    page = f"/admin/codes/categories/{made.pk}/"
    assert browser.post(page, {"name": "摊点", "active": "on"}).status_code == 302
    assert at("010199").full_name.endswith("摊点")
    rule = rule_for(made, admin)
    refused = browser.post(page, {"name": "摊点"})
    assert refused.status_code == 422 and f"/admin/clocks/rules/{rule.pk}/" in refused.content.decode()


def test_the_list_shows_the_tree_and_finds_by_common_words(district):
    browser = as_administrator()
    tree = browser.get("/admin/codes/").content.decode()
    assert "城市管理" in tree and "占道经营" in tree
    found = browser.get("/admin/codes/", {"q": "流动摊贩"}).content.decode()
    assert "占道经营" in found and "自来水" not in found
