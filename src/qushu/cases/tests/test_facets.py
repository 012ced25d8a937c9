"""An entry names the areas, the category and the units of its case at any time, and words are found within them."""

import pytest
from django.db import connection

from qushu.cases import actions
from qushu.cases.entries import write_entries
from qushu.cases.finding import with_terms_within
from qushu.cases.models import Assignment, Case, SearchEntry
from qushu.cases.words import facets_of
from qushu.kernel.search_terms import read_terms

from .district import District
from .entries import entries_with_wrong_facets

pytestmark = pytest.mark.django_db


def facets(case: Case) -> set[str]:
    return set(SearchEntry.objects.get(pk=case.pk).facets)


def registered(district: District, text: str = "路灯不亮") -> Case:
    case = actions.accept_case(district.call("agent"), district.intake(text=text))
    return actions.register_case(
        district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general"
    )


def test_they_are_said_alike_by_the_code_and_by_the_database(district: District):
    case = registered(district)
    actions.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk, [district.housing.pk])
    case.refresh_from_db()
    said = facets_of([case.street_id, case.area_id], case.category_id, [district.water.pk, district.housing.pk])
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_facets(%s)", [case.pk])
        assert sorted(cursor.fetchone()[0]) == said
    assert len(said) == 5 and facets_of([7, 7], None, [None]) == ["a7"]


def test_they_follow_the_case(district: District):
    case = actions.accept_case(district.call("agent"), district.intake())
    places = {f"a{district.street.pk}", f"a{district.community.pk}"}
    assert facets(case) == places
    case = registered(district)
    assert facets(case) == places | {f"c{district.category.pk}"}
    water, housing = f"u{district.water.pk}", f"u{district.housing.pk}"
    actions.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk, [district.housing.pk])
    assert {water, housing} <= facets(case)
    Assignment.objects.filter(case=case, part="assist").update(ended_at=case.accepted_at)
    assert water in facets(case) and housing not in facets(case)
    actions.redispatch_case(district.call("dispatcher"), case.pk, district.housing.pk)
    assert housing in facets(case) and water not in facets(case)
    Case.objects.filter(pk=case.pk).update(area=None, street=None)
    assert facets(case) == {f"c{district.category.pk}", housing}
    assert not entries_with_wrong_facets()


def test_the_check_sees_what_is_wrong(district: District):
    case = registered(district)
    for wrong in ([], ["u1"], [*facets(case), "u1"]):
        SearchEntry.objects.filter(pk=case.pk).update(facets=wrong)
        assert entries_with_wrong_facets() == [case.pk]


@pytest.mark.parametrize("few", [0, 1, 100])
@pytest.mark.parametrize("some", [0, 1, 2])
@pytest.mark.parametrize("page", [1, 25])
@pytest.mark.parametrize("first", [1, 2])
def test_the_same_is_found_by_ids_walked_and_gathered(district: District, monkeypatch, few, some, page, first):
    for name, value in (("FEW", few), ("SOME", some), ("PAGE", page)):
        monkeypatch.setattr(f"qushu.cases.finding.{name}", value)
    texts = ["路灯不亮", "路灯太亮，噪音也大", "KTV噪音扰民", "楼道有人养鸡"]
    cases = [registered(district, text) for text in texts]
    for case in cases[:3]:
        actions.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk, [])
    mine = Case.objects.filter(lead_unit=district.water)
    for line in ("路灯", "噪音", '"路灯不亮"', "路灯 -噪音", "-噪音", "鸡", "从来没有"):
        terms = read_terms(line)
        found = with_terms_within(mine, terms, [[f"u{district.water.pk}"], [f"a{district.street.pk}", "a0"]], first)
        expected = {
            case.title
            for case in cases[:3]
            if all((term.text in case.title) != term.excluded for term in terms)
        }  # fmt: skip
        assert set(found.values_list("title", flat=True)) == expected, line
    gone = SearchEntry.objects.get(case__title="KTV噪音扰民")
    SearchEntry.objects.filter(pk=gone.pk).update(facets=[])
    if few == 100:  # by ids and gathered it is the index that says who is meant
        within = with_terms_within(mine, read_terms("噪音"), [[f"u{district.water.pk}"]], first)
        assert [case.title for case in within] == ["路灯太亮，噪音也大"]
    write_entries([gone.pk])
    assert not entries_with_wrong_facets()
    assert not with_terms_within(mine, [], [["u1"]]).exists()
    assert not with_terms_within(Case.objects.none(), read_terms("路灯"), [[f"u{district.water.pk}"]]).exists()
