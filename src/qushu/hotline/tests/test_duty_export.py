"""交接班日志 as a file: what the page shows, masked, for those who may export."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from qushu.cases import exports
from qushu.hotline.models import DutyShift, Handover
from qushu.people.models import Account, Export
from qushu.people.tests.staff import log_in

HEAD = ("班次", "交班人", "交班时间", "本班受理", "待派单", "已超期", "紧急未结", "督办未回复", "本班情况")
SUMMARY = "平稳；王先生 13871234567 还会打来"


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def log(district):
    """One handover of yesterday and one of today, with a supplement and taken over."""
    now = timezone.now()
    agent, boss = (Account.objects.get(username=f"t-{role}") for role in ("agent", "supervisor"))
    for days in (1, 0):
        ends = now - timedelta(days=days)
        shift = DutyShift.objects.create(account=agent, post="lead", starts_at=ends - timedelta(hours=8), ends_at=ends)
        Handover.objects.create(
            shift=shift, written_by=agent, written_at=ends, summary=SUMMARY, unfinished=f"{days} 天前的水管",
            figures={"accepted": 12, "waiting": 3}, notable=["HY1", "HY2"], taken_by=boss, taken_at=ends, remark="已接",
        )  # fmt: skip
    newest = Handover.objects.latest("written_at")
    Handover.objects.create(corrects=newest, written_by=boss, written_at=now, summary="水管已修好")


def export(role: str, form: str, filters: str = "", **more: str) -> Export:
    client = log_in(Account.objects.get(username=f"t-{role}"))
    client.post("/exports/", {"format": form, "list": "handovers", "filters": filters, **more})
    made = Export.objects.latest("pk")
    exports.write_export(made.pk)
    made.refresh_from_db()
    return made


def rows_of(made: Export, home) -> list[dict[str, str]]:
    path = home / "exports" / made.stored_as
    return list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))


def test_the_log_is_written_newest_first_with_figures_and_supplements_and_without_numbers_of_citizens(log, home):
    newest, older = rows_of(export("supervisor", "csv"), home)
    assert (newest["交班人"], newest["本班受理"], newest["待派单"], newest["已超期"]) == ("测试坐席", "12", "3", "")
    assert newest["重点工单"] == "HY1、HY2" and newest["接班人"] == "测试督办员" and newest["接班意见"] == "已接"
    assert "测试督办员：水管已修好" in newest["补记"] and older["补记"] == ""
    assert (newest["移交事项"], older["移交事项"]) == ("0 天前的水管", "1 天前的水管")
    assert "平稳" in newest["本班情况"] and "13871234567" not in newest["本班情况"]


def test_a_day_of_the_log_is_exported_as_the_page_shows_it(log, home):
    day = timezone.localdate(timezone.now() - timedelta(days=1))
    (row,) = rows_of(export("supervisor", "csv", f"day={day}"), home)
    assert row["移交事项"] == "1 天前的水管"
    page = log_in(Account.objects.get(username="t-supervisor")).get("/exports/").content.decode()
    assert "交接班日志" in page and f"日期：{day}" in page


def test_a_spreadsheet_has_the_same_columns(log, home):
    made = export("supervisor", "xlsx")
    sheet = load_workbook(home / "exports" / made.stored_as).active
    assert tuple(cell.value for cell in sheet[1])[: len(HEAD)] == HEAD
    assert sheet.max_row == 3


def test_a_unit_that_may_export_its_cases_gets_nothing_of_the_log(log, home):
    assert rows_of(export("unit", "csv"), home) == []


def test_the_page_offers_the_export_to_those_who_may(log):
    def page(role: str) -> str:
        return log_in(Account.objects.get(username=f"t-{role}")).get("/handover/").content.decode()

    assert 'name="list" value="handovers"' in page("supervisor")
    assert 'name="list"' not in page("agent")
