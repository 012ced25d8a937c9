from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases.tests.district import District
from qushu.insight.warnings.actions import Found, report
from qushu.insight.warnings.models import Kind, Tuning, Warning, WarningRule
from qushu.people.models import Unit
from qushu.people.tests.staff import log_in, make_account

from .putting import every, put_cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def warning(district: District) -> Warning:
    now = timezone.now()
    ids = [case.pk for case in put_cases(district, every(now - timedelta(hours=3), 0.1, 25))]
    points = [
        {"at": int(now.timestamp()) - 86400 * n, "n": n, "mean": 1.0, "low": 0, "high": 4} for n in range(27, -1, -1)
    ]
    found = Found(
        "surge", "3:1/2:1", "钟家村社区 停水", "钟家村社区“停水”一小时内 25 件。", 2, now - timedelta(hours=3), 25, 0.4,
        category_id=district.category.pk, area_id=district.community.pk, case_ids=ids, chart={"days": points, "hours": points},
    )  # fmt: skip
    return report(found, WarningRule.objects.get(kind="surge"), now)


def browser(role: str) -> Client:
    unit = Unit.objects.filter(code="T-WATER").first() if role.startswith("unit") else None
    return log_in(make_account(role, unit=unit))


def test_the_list_without_warnings_says_so(district: District) -> None:
    page = browser("leader").get("/warnings/").content.decode()
    assert "没有预警" in page


@pytest.mark.parametrize(
    ("role", "listed", "rules"),
    [("leader", 200, 403), ("supervisor", 200, 403), ("analyst", 200, 403), ("dispatcher", 200, 403),
     ("administrator", 200, 200), ("agent", 403, 403), ("unit", 403, 403), ("follow_up", 403, 403)],
)  # fmt: skip
def test_pages_open_by_role(district: District, role: str, listed: int, rules: int) -> None:
    client = browser(role)
    assert client.get("/warnings/").status_code == listed
    assert client.get("/warnings/rules/").status_code == rules


def test_the_list_is_narrowed_by_its_address(warning: Warning) -> None:
    client = browser("leader")
    for query, seen in (
        ("", True), ("state=raised", True), ("state=closed", False), ("level=2", True), ("level=3", False), ("level=x", False),
        ("kind=surge", True), ("kind=late", False), (f"street={warning.area.parent_id}", True), ("street=99999999999", False),  # type: ignore[union-attr]
        ("from=2000-01-01", True), ("to=2000-01-01", False), ("from=2000-13-45", False),
    ):  # fmt: skip
        page = client.get(f"/warnings/?{query}").content.decode()
        assert (warning.ground in page) is seen, query
    assert client.get("/warnings/?after=broken").status_code == 302


def test_the_page_shows_ground_chart_cases_and_history(warning: Warning) -> None:
    page = browser("supervisor").get(f"/warnings/{warning.pk}/").content.decode()
    assert warning.ground in page
    assert page.count('<figure class="chart">') == 2
    assert page.count('data-label="编号"') == 20
    assert "下一页" in page
    assert f"category={warning.category_id}" in page
    assert "确认" in page


def test_a_missing_warning_is_not_found(district: District) -> None:
    assert browser("leader").get("/warnings/77/").status_code == 404


def test_who_may_only_read_gets_no_forms(warning: Warning) -> None:
    client = browser("dispatcher")
    page = client.get(f"/warnings/{warning.pk}/").content.decode()
    assert "保存结论" not in page
    assert client.post(f"/warnings/{warning.pk}/acknowledge/").status_code == 403


def test_a_warning_is_acknowledged_noted_and_judged_on_its_page(warning: Warning) -> None:
    client = browser("supervisor")
    client.post(f"/warnings/{warning.pk}/acknowledge/")
    client.post(f"/warnings/{warning.pk}/note/", {"words": "已联系水务集团"})
    refused = client.post(f"/warnings/{warning.pk}/conclude/", {"outcome": "false", "words": ""})
    assert refused.status_code == 422
    assert "须写明理由" in refused.content.decode()
    assert client.post(f"/warnings/{warning.pk}/note/", {"words": ""}).status_code == 422
    client.post(f"/warnings/{warning.pk}/conclude/", {"outcome": "false", "words": "系统演练"})
    page = client.get(f"/warnings/{warning.pk}/").content.decode()
    assert "已联系水务集团" in page
    assert "误报：系统演练" in page
    assert "收紧 4 倍" in page
    again = client.post(f"/warnings/{warning.pk}/acknowledge/", follow=True).content.decode()
    assert "已经确认过" in again


def test_every_rule_opens_and_is_saved_with_its_own_figures(district: District) -> None:
    client = browser("administrator")
    for kind in Kind.values:
        page = client.get(f"/warnings/rules/{kind}/")
        assert page.status_code == 200
        form = page.context["form"]
        said = {name: form[name].value() for name in form.fields if name != "emails"} | {"emails": "a@example.cn"}
        assert client.post(f"/warnings/rules/{kind}/", said).status_code == 302, kind
        assert WarningRule.objects.get(kind=kind).emails == "a@example.cn"
    assert client.get("/warnings/rules/nothing/").status_code == 404


def test_wrong_figures_are_refused_and_kept_on_the_form(district: District) -> None:
    said = {
        "least": "0",
        "ratio": "2",
        "hours": "24",
        "a_week": "0.1",
        "answer_minutes": "60",
        "emails": "nobody",
        "tell_from": "1",
    }
    page = browser("administrator").post("/warnings/rules/surge/", said)
    assert page.status_code == 422
    assert "不是邮箱地址" in page.content.decode()
    assert WarningRule.objects.get(kind="surge").least == 6


def test_a_rule_is_tried_without_being_saved(warning: Warning) -> None:
    said = {
        "active": "on",
        "least": "5",
        "ratio": "2",
        "hours": "24",
        "a_week": "0.1",
        "answer_minutes": "60",
        "emails": "",
        "tell_from": "1",
        "try": "1",
    }
    page = browser("administrator").post("/warnings/rules/surge/", said)
    assert page.status_code == 200
    assert "试算" in page.content.decode()
    assert WarningRule.objects.get(kind="surge").least == 6


def test_a_tuned_series_is_listed_and_forgotten(district: District) -> None:
    Tuning.objects.create(
        kind="surge", series="3:1/2:1", factor=16.0, false=2, changed_at=timezone.now(), words="钟家村 停水"
    )
    client = browser("administrator")
    assert "钟家村 停水" in client.get("/warnings/rules/").content.decode()
    client.post("/warnings/rules/forget/", {"kind": "surge", "series": "3:1/2:1"})
    assert not Tuning.objects.exists()
    assert client.post("/warnings/rules/forget/", {"kind": "surge", "series": "x"}, follow=True).status_code == 200
