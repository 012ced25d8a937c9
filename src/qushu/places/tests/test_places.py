from datetime import UTC, date, datetime

import pytest
from django.test import Client

from qushu.places.models import Area
from qushu.places.queries import (
    area_at,
    area_choices,
    area_tree,
    areas_below,
    communities,
    resolve_area,
    street_of,
    streets,
)
from qushu.places.rules import bare_name, code_fault
from qushu.places.seed import seed_areas

NOW = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)


@pytest.fixture
def hanyang(db):
    seed_areas(NOW)
    return area_at("420105")


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("钟家村社区居委会", "钟家村"),
        ("钟家村社区", "钟家村"),
        (" 钟家村 ", "钟家村"),
        ("建桥街道办事处", "建桥"),
        ("建桥街", "建桥"),
        ("社区", "社区"),
    ],
)
def test_a_name_is_compared_without_the_word_for_its_level(text, bare):
    assert bare_name(text) == bare


@pytest.mark.parametrize(
    ("code", "level", "parent", "wrong"),
    [
        ("420105", "district", "", ""),
        ("420105002", "street", "420105", ""),
        ("420105002001", "community", "420105002", ""),
        ("420105002001-G07", "grid", "420105002001", ""),
        ("42010500A", "street", "420105", "9 位数字"),
        ("420106002", "street", "420105", "开头"),
        ("42 0105", "district", "", "只能用"),
    ],
)
def test_codes_follow_their_level(code, level, parent, wrong):
    fault = code_fault(code, level, parent)
    assert wrong in fault and bool(fault) == bool(wrong)


def test_hanyang_has_11_streets_and_118_communities_and_seeding_again_adds_nothing(db):
    assert seed_areas(NOW) == 130
    assert seed_areas(NOW) == 0
    assert Area.objects.filter(level="street").count() == 11
    assert Area.objects.filter(level="community").count() == 118


def test_a_renamed_area_is_not_named_back_by_seeding(hanyang):
    Area.objects.filter(code="420105002").update(name="新名街道")
    seed_areas(NOW)
    assert area_at("420105002").name == "新名街道"


def test_every_community_lies_in_its_street(hanyang):
    for area in Area.objects.filter(level="community").select_related("parent"):
        assert area.code.startswith(area.parent.code) and not area.name.endswith("居委会")


def test_streets_and_communities_for_a_picker(hanyang):
    names = [street.name for street in streets(TODAY)]
    assert len(names) == 11 and names[0] == "建桥街道"
    assert "钟家村社区" in [area.name for area in communities(area_at("420105002"), TODAY)]


def test_a_closed_area_is_offered_until_its_last_day(hanyang):
    Area.objects.filter(code="420105002").update(valid_to=date(2026, 3, 4))
    assert "建桥街道" in [street.name for street in streets(date(2026, 3, 3))]
    assert "建桥街道" not in [street.name for street in streets(TODAY)]
    assert area_at("420105002") is not None


def test_an_area_is_not_offered_before_its_first_day(hanyang):
    Area.objects.filter(code="420105002").update(valid_from=date(2026, 3, 5))
    assert "建桥街道" not in [street.name for street in streets(TODAY)]


def test_the_tree_holds_everything_in_one_query(hanyang, django_assert_num_queries):
    with django_assert_num_queries(1):
        (root,) = area_tree(TODAY)
    assert root.area == hanyang and len(root.children) == 11
    assert sum(len(street.children) for street in root.children) == 118
    assert len(area_choices(TODAY)) == 130


def test_areas_below_a_street_are_its_communities(hanyang):
    street = area_at("420105012")
    assert areas_below({street.pk}) == {street.pk} | {area.pk for area in communities(street, TODAY)}
    assert len(areas_below({hanyang.pk})) == 130


def test_the_street_of_an_area(hanyang):
    community = area_at("420105002001")
    assert street_of(community).code == "420105002"
    assert street_of(area_at("420105002")).code == "420105002"
    assert street_of(hanyang) is None
    assert street_of(None) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("420105002001", "420105002001"),
        ("钟家村社区居委会", "420105002001"),
        ("钟家村", "420105002001"),
        ("建桥街道", "420105002"),
        ("建桥街道办事处", "420105002"),
        ("鹦鹉街道", "420105005"),
        ("月球街道", None),
        ("", None),
    ],
)
def test_an_area_is_found_by_what_somebody_wrote(hanyang, text, code):
    found = resolve_area(text, TODAY)
    assert (found.code if found else None) == code


def test_a_name_that_fits_two_areas_names_none_unless_it_is_narrowed(hanyang):
    first, second = area_at("420105002"), area_at("420105004")
    for street in (first, second):
        Area.objects.create(
            code=f"{street.code}099", name="同名社区", level="community", parent=street, valid_from=date(2000, 1, 1)
        )
    assert resolve_area("同名社区", TODAY) is None
    assert resolve_area("同名社区", TODAY, within=second).parent == second


def test_the_options_of_a_street_are_open_to_everybody(hanyang):
    page = Client().get("/areas/420105002/communities/?by=code").content.decode()
    assert '<option value="420105002001">钟家村社区</option>' in page
    assert Client().get("/areas/420105002001/communities/").status_code == 404
    assert Client().get("/areas/999/communities/").status_code == 404
