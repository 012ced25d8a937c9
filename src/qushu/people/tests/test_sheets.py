from datetime import date
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from qushu.kernel.errors import Refused
from qushu.people.actors import actor_for
from qushu.people.models import Account, AuditEntry, Unit
from qushu.people.sheets import SHEETS, apply_rows, rehearse_rows
from qushu.people.sheets.files import csv_lines, read_rows, xlsx_file
from qushu.places.models import Area

from .staff import NOON, log_in, make_account, make_area, make_unit

pytestmark = pytest.mark.django_db
UNITS, AREAS, ACCOUNTS = (SHEETS[kind] for kind in ("units", "areas", "accounts"))


@pytest.fixture
def boss():
    return make_account("administrator", username="boss")


def table(*rows: str) -> list:
    return read_rows("t.csv", BytesIO("\n".join(rows).encode()))


def upload(client, kind: str, *rows: str):
    file = SimpleUploadedFile("表.csv", "\n".join(rows).encode())
    return client.post(f"/admin/import/{kind}/", {"file": file})


def test_rows_are_read_with_their_lines_from_csv_and_xlsx():
    wanted = [(2, {"代码": "cgj", "名称": "城管局"}), (4, {"代码": "007", "名称": "住建局"})]
    assert table("代码,名称", "cgj,城管局", "", "007,住建局") == wanted
    rows = [row for _, row in wanted]
    workbook = BytesIO(xlsx_file("单位", ("代码", "名称"), rows))
    assert read_rows("a.xlsx", workbook) == [(2, rows[0]), (3, rows[1])]


def test_days_and_figures_of_a_workbook_become_text():
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for place, (heading, cell) in enumerate({"生效日期": date(2026, 3, 1), "代码": 420105, "启用": True}.items()):
            sheet.write(0, place, heading)
            sheet.write(1, place, cell)
    assert read_rows("a.xlsx", file) == [(2, {"生效日期": "2026-03-01", "代码": "420105", "启用": "是"})]


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"%PDF"), ("a.xlsx", b"PK\x03\x04nonsense"), ("a.exe", b"MZ\0")]
)
def test_a_file_that_is_no_table_is_refused(name, content):
    with pytest.raises(Refused):
        rehearse_rows(UNITS, actor_for(make_account("administrator")), read_rows(name, BytesIO(content)), NOON)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_inert_and_comes_back_unchanged(text):
    written = "".join(csv_lines(["代码", "名称"], [{"代码": "x", "名称": text}]))
    assert f"x,'{text}" in written
    assert read_rows("a.csv", BytesIO(written.encode()))[0][1]["名称"] == text


def test_an_xlsx_export_holds_no_formula():
    book = openpyxl.load_workbook(BytesIO(xlsx_file("单位", ("代码",), [{"代码": "=HYPERLINK(1)"}])))
    cell = book.active["A2"]
    assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(1)")


def test_a_rehearsal_says_what_would_change_and_changes_nothing(boss):
    make_unit("cgj", name="城管局", duties="市容")
    rows = table("代码,名称,类别,职责", "cgj,城管执法局,区直部门,市容", "szj,住建局,区直部门,工地")
    outcome = rehearse_rows(UNITS, actor_for(boss), rows, NOON)
    assert outcome.counts == {"new": 1, "change": 1, "same": 0, "broken": 0}
    assert outcome.of("change")[0][1].words == ["名称：城管局 → 城管执法局"]
    assert list(Unit.objects.values_list("name", flat=True)) == ["城管局"]
    assert not AuditEntry.objects.exists()


def test_applying_does_what_the_rehearsal_said_and_a_second_time_nothing(boss):
    make_unit("cgj", name="城管局", phone="8484", duties="市容")
    rows = table("代码,名称,类别,职责", "cgj,城管执法局,区直部门,市容管理", "szj,住建局,区直部门,工地")
    assert apply_rows(UNITS, actor_for(boss), rows, NOON).counts["broken"] == 0
    changed = Unit.objects.get(code="cgj")
    assert (changed.name, changed.duties, changed.phone) == ("城管执法局", "市容管理", "8484")
    assert AuditEntry.objects.filter(action="unit.changed").count() == 1
    again = apply_rows(UNITS, actor_for(boss), rows, NOON)
    assert again.counts == {"new": 0, "change": 0, "same": 2, "broken": 0}
    assert AuditEntry.objects.filter(action="unit.changed").count() == 1


def test_a_broken_row_is_named_with_its_line_and_nothing_at_all_is_imported(boss):
    rows = table("代码,名称,类别", "cgj,城管局,区直部门", "szj,住建局,什么", ",无名,区直部门", "cgj,又来,区直部门")
    outcome = rehearse_rows(UNITS, actor_for(boss), rows, NOON)
    assert [line for line, _ in outcome.of("broken")] == [3, 4, 5]
    words = [done.words[0] for _, done in outcome.of("broken")]
    assert "什么" in words[0] and "没有填" in words[1] and "第 2 行" in words[2]
    with pytest.raises(Refused, match="第 3 行等 3 行有问题"):
        apply_rows(UNITS, actor_for(boss), rows, NOON)
    assert not Unit.objects.exists()


def test_a_parent_may_stand_in_an_earlier_row(boss):
    street = make_area("420105")
    rows = table("代码,名称,类别,上级代码,辖区代码", "office,街道办,街道办事处,,420105", "comm,居委会,社区,office,")
    apply_rows(UNITS, actor_for(boss), rows, NOON)
    assert Unit.objects.get(code="comm").parent.code == "office"
    assert Unit.objects.get(code="office").area == street


def test_what_is_exported_imports_without_a_change(boss):
    district = make_area("420105", name="汉阳区")
    make_area("420105002", "street", district, name="建桥街道", valid_to=date(2026, 1, 1))
    unit = make_unit("cgj", area=district, duties="=市容\n管理", phone="-84")
    make_account("unit", unit=unit, username="zhang")
    make_account("analyst", area=district, username="li", is_active=False)
    for sheet in (UNITS, AREAS, ACCOUNTS):
        content = BytesIO("".join(csv_lines(sheet.columns, sheet.rows())).encode())
        counts = rehearse_rows(sheet, actor_for(boss), read_rows("a.csv", content), NOON).counts
        assert counts["same"] == len(list(sheet.rows())), sheet.kind


def test_areas_are_opened_renamed_and_closed_by_a_table(boss):
    district = make_area("420105", name="汉阳区")
    make_area("420105002", "street", district, name="旧名街道")
    rows = table(
        "区划代码,名称,级别,上级代码,生效日期,最后一天",
        "420105002,建桥街道,街道,420105,2000-01-01,",
        "420105004,晴川街道,街道,420105,2000/1/1,2025-12-31",
        "420105,汉阳区,街道,,2000-01-01,",
        "42010,短码街道,街道,420105,2000-01-01,",
    )
    with pytest.raises(Refused, match="第 4 行等 2 行"):
        apply_rows(AREAS, actor_for(boss), rows, NOON)
    apply_rows(AREAS, actor_for(boss), rows[:2], NOON)
    assert Area.objects.get(code="420105002").name == "建桥街道"
    assert Area.objects.get(code="420105004").valid_to == date(2026, 1, 1)


def test_accounts_get_roles_and_a_password_that_is_shown_once(boss):
    make_unit("cgj")
    make_area("420105")
    rows = table("账号,姓名,角色", "zhang,张伟,坐席；承办单位@cgj", "li,李娜,分析员#420105")
    assert all(done.secret == "" for _, done in rehearse_rows(ACCOUNTS, actor_for(boss), rows, NOON).lines)
    outcome = apply_rows(ACCOUNTS, actor_for(boss), rows, NOON)
    secret = {done.key: done.secret for _, done in outcome.lines}["zhang"]
    zhang = Account.objects.get(username="zhang")
    assert zhang.check_password(secret) and zhang.must_change_password
    assert sorted(zhang.grants.values_list("role", "unit__code")) == [("agent", None), ("unit", "cgj")]
    assert secret not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_a_table_without_the_column_of_roles_leaves_roles_alone_and_with_it_sets_them_exactly(boss):
    zhang = make_account("agent", "dispatcher", username="zhang", name="张")
    apply_rows(ACCOUNTS, actor_for(boss), table("账号,姓名", "zhang,张伟"), NOON)
    assert zhang.grants.count() == 2
    outcome = apply_rows(ACCOUNTS, actor_for(boss), table("账号,姓名,角色", "zhang,张伟,坐席；督办员"), NOON)
    assert outcome.lines[0][1].words == ["授予 督办员", "收回 派单员"]
    assert sorted(zhang.grants.values_list("role", flat=True)) == ["agent", "supervisor"]


def test_no_more_accounts_are_made_at_once_than_can_be_hashed_in_a_while(boss):
    rows = table("账号,姓名", *(f"new{number},新人" for number in range(201)))
    with pytest.raises(Refused, match="一次最多新建 200 个账号"):
        rehearse_rows(ACCOUNTS, actor_for(boss), rows, NOON)
    assert rehearse_rows(ACCOUNTS, actor_for(boss), rows[:200], NOON).counts["new"] == 200


def test_a_table_cannot_take_the_last_administrator_away(boss):
    rows = table("账号,姓名,角色", "boss,boss,坐席")
    with pytest.raises(Refused, match="管理员"):
        apply_rows(ACCOUNTS, actor_for(boss), rows, NOON)
    assert boss.grants.get().role == "administrator"


def test_a_table_of_another_shape_is_refused_before_anything_happens(boss):
    for rows, words in ((table("代码,名称"), "没有数据行"), (table("名字,号", "a,b"), "缺少列：代码、名称、类别")):
        with pytest.raises(Refused, match=words):
            rehearse_rows(UNITS, actor_for(boss), rows, NOON)


def test_the_page_shows_first_and_imports_after_confirmation(boss):
    client = log_in(boss)
    seen = upload(client, "units", "代码,名称,类别", "cgj,城管局,区直部门")
    assert seen.status_code == 200 and "现在还没有改动任何数据" in seen.content.decode()
    assert not Unit.objects.exists()
    done = client.post("/admin/import/units/apply/", {"kept": seen.context["kept"]})
    assert "新建 1 行" in done.content.decode()
    assert Unit.objects.get().name == "城管局"


def test_the_page_offers_no_import_while_a_line_is_broken(boss):
    seen = upload(log_in(boss), "units", "代码,名称,类别", "cgj,城管局,什么")
    assert "有问题的行改好之前不能导入" in seen.content.decode()
    assert "确认导入" not in seen.content.decode()


def test_a_preview_of_somebody_else_or_for_another_table_is_not_imported(boss):
    seen = upload(log_in(boss), "units", "代码,名称,类别", "cgj,城管局,区直部门")
    kept = seen.context["kept"]
    other = log_in(make_account("administrator"))
    for client, kind, sent in (
        (other, "units", kept),
        (log_in(boss), "areas", kept),
        (log_in(boss), "units", kept + "x"),
    ):
        answer = client.post(f"/admin/import/{kind}/apply/", {"kept": sent})
        assert answer.status_code == 422 and "重新上传" in answer.content.decode()
    assert not Unit.objects.exists()


@pytest.mark.parametrize("kind", ["units", "areas", "accounts", "audit"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_every_table_is_exported_and_the_export_is_written_down(boss, kind, format):
    make_unit("cgj", area=make_area("420105"))
    answer = log_in(boss).get(f"/admin/export/{kind}.{format}")
    assert f"{kind}-" in answer["Content-Disposition"] and answer["Content-Disposition"].endswith(f'.{format}"')
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert len(content) > 20
    assert AuditEntry.objects.filter(action="export.made", subject=f"sheet:{kind}", account=boss).exists()


def test_an_unknown_table_or_format_is_not_found(boss):
    client = log_in(boss)
    assert client.get("/admin/export/units.pdf").status_code == 404
    assert client.get("/admin/import/secrets/").status_code == 404
