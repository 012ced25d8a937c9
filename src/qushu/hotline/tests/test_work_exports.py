"""Every workplace's list as a file: the same rows as its page, masked, and never more than one may export."""

import csv

import pytest
from django.utils import timezone

from qushu.cases import actions, exports
from qushu.cases.models import Case
from qushu.people.models import Export

from .working import call, client, dispatched, past_due, registered, resolved, returned

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def rows_of(role: str, kind: str, filters: str, home) -> list[dict[str, str]]:
    person = client(role)
    person.post("/exports/", {"format": "csv", "list": kind, "filters": filters})
    export = Export.objects.latest("pk")
    exports.write_export(export.pk)
    export.refresh_from_db()
    path = home / "exports" / export.stored_as
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert (export.total, export.done) == (len(rows), len(rows))
    assert person.get("/exports/").content.decode().count("下载") >= 1
    return rows


def numbers(rows: list[dict[str, str]]) -> set[str]:
    return {row["受理编号"] for row in rows}


@pytest.mark.parametrize(
    ("role", "kind", "filters", "which"),
    [
        ("dispatcher", "dispatch", "", {"registered", "returned"}),
        ("dispatcher", "dispatch", "tab=returned&after=x", {"returned"}),
        ("dispatcher", "dispatch", "urgency=urgent", set()),
        ("unit", "inbox", "", {"dispatched"}),
        ("unit", "inbox", "tab=resolved", {"resolved"}),
        ("supervisor", "supervision", "tab=late", set()),
        ("follow_up", "follow_up", "", {"resolved"}),
    ],
)
def test_a_list_holds_what_its_page_shows(district, home, role, kind, filters, which):
    made = {
        "registered": registered(district),
        "returned": returned(district),
        "dispatched": dispatched(district),
        "resolved": resolved(district),
        "strangers": dispatched(district, district.housing),
    }
    rows = rows_of(role, kind, filters, home)
    assert numbers(rows) == {made[name].number for name in which}
    assert all(row["电话"] == "199****0001" for row in rows)


def test_reviews_and_orders_have_their_own_columns(district, home):
    case = dispatched(district)
    actions.ask_return(call(district, "unit"), case.pk, district.reason("return"), "请打 13871234567 核实")
    (review,) = rows_of("supervisor", "reviews", "", home)
    assert review["申请"] == "退单" and "13871234567" not in review["说明"]
    actions.supervise_case(call(district, "supervisor"), case.pk, "urge", "请抓紧")
    (order,) = rows_of("unit", "orders", "tab=orders", home)
    assert (order["级别"], order["督办要求"], order["受理编号"]) == ("催办", "请抓紧", case.number)


def test_who_may_not_export_and_what_is_no_list_write_nothing(district, home):
    assert client("agent").post("/exports/", {"format": "csv", "list": "dispatch"}).status_code == 403
    answer = client("dispatcher").post("/exports/", {"format": "csv", "list": "everything"}, follow=True)
    assert "没有这个列表" in answer.content.decode() and not Export.objects.exists()


def test_the_files_filters_are_said_in_words(district, home):
    Case.objects.all().delete()
    rows_of("dispatcher", "dispatch", "tab=returned&urgency=urgent&waiting=4", home)
    text = client("dispatcher").get("/exports/").content.decode()
    assert "待派单" in text and "栏目：退回待改派，紧急程度：紧急，已等：4 小时以上" in text


@pytest.mark.parametrize(
    ("role", "address", "kind"),
    [
        ("dispatcher", "/dispatch/", "dispatch"),
        ("unit", "/inbox/", "inbox"),
        ("unit", "/inbox/?tab=orders", "orders"),
        ("supervisor", "/supervision/", "supervision"),
        ("supervisor", "/supervision/?tab=answered", "answered-orders"),
        ("supervisor", "/reviews/", "reviews"),
        ("follow_up", "/follow-up/", "follow_up"),
        ("dispatcher", "/cases/", "cases"),
    ],
)
def test_every_workplace_offers_its_list(district, role, address, kind):
    text = client(role).get(address).content.decode()
    assert f'name="list" value="{kind}"' in text and kind in exports.LISTS


def test_a_leader_sees_the_board_without_exports(district):
    assert 'name="list"' not in client("leader").get("/supervision/").content.decode()


def test_now_is_when_the_file_is_written(district, home):
    case = dispatched(district)
    past_due(case, at=timezone.now())
    assert numbers(rows_of("supervisor", "supervision", "tab=late", home)) == {case.number}
