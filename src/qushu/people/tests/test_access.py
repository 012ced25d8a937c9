"""The permission matrix, cell by cell, against what the code answers."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

import qushu
from qushu.kernel.errors import Forbidden
from qushu.people.access import CITIZEN, SYSTEM, actor_of, matrix, may, may_at_all, read_matrix, require, scope
from qushu.people.actors import actor_for
from qushu.people.models import Role

from .staff import make_account, make_area, make_unit

MINE, OTHER = 11, 12
HERE, ELSEWHERE = 21, 22
LINES = [
    cells
    for line in files("qushu.people").joinpath("matrix.txt").read_text(encoding="utf-8").splitlines()
    if (cells := line.split("#")[0].split())
]
ROLES = LINES[0][1:]
CELLS = [(cells[0], role, word) for cells in LINES[1:] for role, word in zip(ROLES, cells[1:], strict=True)]


def person(role: str, unit: int | None = None, area: int | None = None):
    return actor_of(1, "某人", [(role, unit, area)])


def test_the_matrix_has_a_column_for_every_role_and_for_citizen_and_system():
    assert set(ROLES) == set(Role.values) | {"citizen", "system"}
    assert len(CELLS) == len(matrix()) * len(ROLES) > 500


@pytest.mark.parametrize(("action", "role", "word"), CELLS)
def test_each_cell_holds_for_the_whole_district_for_a_unit_and_for_an_area(action, role, word):
    district, unit, area = person(role), person(role, unit=MINE), person(role, area=HERE)
    everywhere, granted = word == "all", word in ("all", "own")
    assert may(district, action) is everywhere
    assert may(district, action, unit_ids=[OTHER], area_ids=[ELSEWHERE]) is everywhere
    assert may(unit, action, unit_ids=[MINE]) is granted
    assert may(unit, action, unit_ids=[OTHER, MINE]) is granted
    assert may(unit, action, unit_ids=[OTHER], area_ids=[HERE]) is False
    assert may(unit, action) is False
    assert may(area, action, area_ids=[HERE]) is everywhere
    assert may(area, action, unit_ids=[MINE], area_ids=[ELSEWHERE]) is False
    assert [may_at_all(one, action) for one in (district, unit, area)] == [everywhere, granted, everywhere]


@pytest.mark.parametrize(("action", "role", "word"), [cell for cell in CELLS if cell[1] in ("unit", "unit_leader")])
def test_a_unit_never_reaches_a_case_that_no_unit_has_yet(action, role, word):
    assert may(person(role, unit=MINE), action, unit_ids=[None]) is False


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        ("case.accept", {"citizen", "agent", "dispatcher", "supervisor", "system"}),
        ("case.dispatch", {"dispatcher", "supervisor", "system"}),
        ("case.acknowledge", {"unit", "unit_leader", "system"}),
        ("case.review", {"supervisor", "system"}),
        ("case.export_unmasked", {"supervisor"}),
        ("case.reveal", {"agent", "dispatcher", "unit", "unit_leader", "supervisor", "follow_up"}),
        ("accounts.write", {"administrator"}),
        ("audit.read", {"administrator"}),
        ("tokens.write", {"administrator"}),
    ],
)
def test_what_matters_most_is_said_twice(action, roles):
    """A slip of the pen in the matrix must not open these; whoever means it changes both places."""
    assert {role for role in ROLES if matrix()[action][role] != "-"} == roles


def test_an_administrator_brings_cases_in_but_sees_no_case_and_no_citizen():
    for action in matrix():
        if action.startswith("case.") and action != "case.import":
            assert not may_at_all(person("administrator"), action)


def test_several_grants_add_up():
    actor = actor_of(1, "某人", [("unit", MINE, None), ("unit", OTHER, None), ("analyst", None, HERE)])
    reach = scope(actor, "case.list")
    assert (reach.everything, reach.unit_ids, reach.area_ids) == (False, {MINE, OTHER}, {HERE})
    assert scope(actor_of(1, "某人", [("unit", MINE, None), ("agent", None, None)]), "case.list").everything
    assert actor.unit_id == MINE and actor.unit_ids == {MINE, OTHER}


def test_citizens_and_the_system_act_without_an_account():
    assert may(CITIZEN, "case.accept") and not may_at_all(CITIZEN, "case.list")
    assert may(SYSTEM, "case.supervise") and not may_at_all(SYSTEM, "accounts.write")
    assert CITIZEN.account_id is None and SYSTEM.account_id is None


def test_a_refusal_names_the_person_and_says_that_nothing_changed():
    with pytest.raises(Forbidden, match="周婷没有权限.*什么也没有改变") as refusal:
        require(actor_of(1, "周婷", [("agent", None, None)]), "case.dispatch")
    assert refusal.value.code == "forbidden"
    require(actor_of(1, "周婷", [("dispatcher", None, None)]), "case.dispatch")


def test_an_action_that_the_matrix_does_not_name_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        may(person("administrator"), "case.delete")


@pytest.mark.parametrize(
    "text",
    ["action agent\ncase.list all own", "action agent\ncase.list some", "action agent\ncase.list -\ncase.list all"],
)
def test_a_matrix_with_a_hole_an_unknown_word_or_an_action_twice_is_not_read(text):
    with pytest.raises(ValueError, match=r"line \d: expected"):
        read_matrix(text)


def test_every_action_that_the_code_asks_for_stands_in_the_matrix():
    asked = set()
    for file in Path(qushu.__path__[0]).rglob("*.py"):
        if "tests" not in file.parts:
            pattern = r"(?:allowed|require|may|may_at_all|scope|refuse_without)\([^()\"]*\"([a-z_]+\.[a-z_]+)\""
            asked |= set(re.findall(pattern, file.read_text(encoding="utf-8")))
    assert "accounts.write" in asked
    assert asked <= set(matrix())


@pytest.mark.django_db
def test_an_accounts_grants_become_its_actor():
    unit = make_unit()
    account = make_account("unit", unit=unit, name="周婷")
    actor = actor_for(account)
    assert (actor.account_id, actor.name, actor.roles, actor.unit_ids) == (account.pk, "周婷", {"unit"}, {unit.pk})


@pytest.mark.django_db
def test_a_grant_for_an_area_reaches_the_areas_in_it_and_no_others():
    district = make_area()
    street, other = make_area("420105002", "street", district), make_area("420105004", "street", district)
    community = make_area("420105002001", "community", street)
    actor = actor_for(make_account("analyst", area=street))
    assert may(actor, "case.read", area_ids=[community.pk])
    assert not may(actor, "case.read", area_ids=[other.pk])
    assert not may(actor, "case.read")
    whole = actor_for(make_account("analyst", area=district))
    assert scope(whole, "case.read").area_ids == {area.pk for area in (district, street, other, community)}


@pytest.mark.django_db
def test_an_account_without_a_grant_may_do_nothing():
    actor = actor_for(make_account())
    assert not any(may_at_all(actor, action) for action in matrix())
