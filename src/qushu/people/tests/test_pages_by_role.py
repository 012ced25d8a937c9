"""Every page of these rooms × every role: open, closed or to the login page, as the matrix says."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from qushu.people.access import matrix
from qushu.people.models import Role
from qushu.people.urls import people, places

from .staff import log_in, make_account, make_area, make_unit

pytestmark = pytest.mark.django_db
OPEN_TO_ALL = {
    "people:login",
    "people:login-code",
    "people:logout",
    "people:captcha",
    "people:fresh-captcha",
    "people:password",
}
BY_ADDRESS = {"people:import": "{}.write", "people:apply-import": "{}.write", "people:export": "{}.write"}
POST_ONLY = {
    "people:totp-off",
    "people:end-own-session",
    "people:read-all",
    "people:open-notice",
    "people:change-account",
    "people:revoke-token",
    "people:apply-import",
}
NAMED = [(f"people:{one.name}", one) for one in people] + [(f"places:{one.name}", one) for one in places]
GUARDED = [(name, one) for name, one in NAMED if name not in OPEN_TO_ALL]


@pytest.fixture
def arguments() -> dict:
    return {
        "account_id": make_account("agent").pk,
        "unit_id": make_unit().pk,
        "area_id": make_area().pk,
        "notice_id": 999_999,
        "token_id": 999_999,
        "verb": "unlock",
        "kind": "units",
        "format": "csv",
        "token": "x",
    }


def address(name: str, one: URLPattern, arguments: dict) -> str:
    return reverse(name, kwargs={key: arguments[key] for key in one.pattern.converters})


def action_of(name: str, one: URLPattern) -> str:
    return BY_ADDRESS[name].format("units") if name in BY_ADDRESS else vars(one.callback).get("action", "")


def test_every_page_but_the_listed_ones_has_a_guard():
    unguarded = {name for name, one in NAMED if not vars(one.callback).get("guarded")}
    assert unguarded == OPEN_TO_ALL


def test_no_page_of_these_rooms_is_outside_this_test():
    def walk(resolver: URLResolver):
        for one in resolver.url_patterns:
            yield from walk(one) if isinstance(one, URLResolver) else [one]

    listed = {id(one) for _, one in NAMED}
    ours = [one for one in walk(get_resolver()) if one.callback.__module__.startswith("qushu.people.")]
    assert len(ours) == len(listed) > 25
    assert {id(one) for one in ours} == listed


@pytest.mark.parametrize(("name", "one"), GUARDED, ids=[name for name, _ in GUARDED])
def test_a_visitor_is_led_to_the_login_page(name, one, arguments):
    url = address(name, one, arguments)
    answer = Client().post(url) if name in POST_ONLY else Client().get(url)
    assert answer.status_code == 302 and answer["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("role", Role.values)
def test_each_role_opens_what_the_matrix_allows_and_nothing_else(role, arguments):
    unit = make_unit() if role in ("unit", "unit_leader") else None
    client = log_in(make_account(role, unit=unit))
    wrong = []
    for name, one in GUARDED:
        action, url = action_of(name, one), address(name, one, arguments)
        allowed = not action or matrix()[action][role] != "-"
        answer = client.post(url) if name in POST_ONLY else client.get(url)
        # What is allowed may still say that the thing isn't there or the form is empty; it is never refused.
        as_it_should = answer.status_code in (200, 302, 404, 422) if allowed else answer.status_code == 403
        if not as_it_should or "/login/" in answer.get("Location", ""):
            wrong.append((name, action, allowed, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("name", ["people:accounts", "people:units", "people:audit", "people:tokens", "places:areas"])
def test_the_refusal_page_names_the_roles_and_the_way_on(name):
    answer = log_in(make_account("agent")).get(reverse(name))
    words = answer.content.decode()
    assert answer.status_code == 403
    assert "坐席" in words and "没有做任何改动" in words and "管理员申请授权" in words


def test_an_account_without_a_role_sees_its_own_pages_only():
    client = log_in(make_account())
    assert client.get("/account/").status_code == 200
    answer = client.get("/admin/accounts/")
    assert answer.status_code == 403 and "没有任何角色" in answer.content.decode()
