"""Files of other systems become cases, once; what is broken is kept and named."""

import pytest
from django.utils import timezone

from qushu.cases.models import Case, Category
from qushu.cases.proof import verify_cases
from qushu.hotline.importing import import_file
from qushu.hotline.importing.mapping import BadMapping, read_mapping
from qushu.hotline.models import FeedBatch, FeedRow
from qushu.kernel.crypto import vault
from qushu.kernel.errors import Forbidden, Refused
from qushu.people.access import CITIZEN, SYSTEM

MAPPING = """
name = "测试"
source = "t"
until = "{until}"
make_missing = ["units", "categories"]
[fields]
ref = {{ column = "编号" }}
accepted_at = {{ column = "时间", format = "%Y-%m-%d %H:%M" }}
channel = {{ value = "12345" }}
kind = {{ column = "类型", words = {{ "投诉" = "complaint" }} }}
category = {{ columns = ["类别"] }}
unit = {{ column = "单位" }}
text = {{ column = "内容" }}
phone = {{ column = "电话" }}
"""
ROWS = """编号,时间,类型,类别,单位,内容,电话
1,2024-03-04 09:30,投诉,道路,甲单位,门口路面有坑。,19900270001
2,2024-13-04 09:30,投诉,道路,甲单位,时间不对。,
3,2024-03-04 10:30,唱歌,道路,甲单位,类型不对。,
,2024-03-04 10:30,投诉,道路,甲单位,没有编号。,
5,2024-03-04 11:30,投诉,道路,乙单位,"路灯，不亮。",19900270001
5,2024-03-04 11:30,投诉,道路,乙单位,同一编号再来一次。,
"""


def run(tmp_path, district, until="registered", rows=ROWS):
    (tmp_path / "m.toml").write_text(MAPPING.format(until=until), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    now = district.call("agent").now.replace(month=6)
    return import_file(SYSTEM, tmp_path / "rows.csv", read_mapping(str(tmp_path / "m.toml")), now)


def test_good_rows_become_cases_and_bad_ones_are_kept_with_line_and_reason(tmp_path, district):
    done = run(tmp_path, district)
    assert (done.accepted, done.unchanged, done.refused) == (2, 1, 3)
    kept = FeedRow.objects.order_by("line")
    assert [(row.line, row.reason.split("“")[0]) for row in kept] == [
        (3, "受理时间"),
        (4, ""),
        (5, "没有编号，无法判断是否已导入"),
    ]
    assert "唱歌" in vault().open(kept[1].sealed, f"feed:{done.batch_id}:4".encode())
    assert set(Case.objects.values_list("source_ref", "state")) == {("1", "registered"), ("5", "registered")}


def test_running_the_same_file_again_changes_nothing(tmp_path, district):
    run(tmp_path, district)
    before = list(Case.objects.order_by("id").values())
    done = run(tmp_path, district)
    assert (done.accepted, done.unchanged) == (0, 3)
    assert list(Case.objects.order_by("id").values()) == before


def test_imported_cases_keep_every_rule(tmp_path, district):
    run(tmp_path, district, until="dispatched")
    case = Case.objects.get(source_ref="1")
    assert list(case.history.order_by("seq").values_list("move", flat=True)) == ["accept", "register", "dispatch"]
    assert set(case.clocks.filter(stopped_at__isnull=True).values_list("name", flat=True)) == {
        "acknowledge",
        "contact",
        "resolve",
    }
    assert case.due_at == case.clocks.filter(stopped_at__isnull=True).order_by("due_at").first().due_at
    assert case.assignments.get().unit == case.lead_unit
    assert bytes(case.caller_index) == bytes(Case.objects.get(source_ref="5").caller_index)
    assert [finding for chunk in verify_cases() for finding in chunk.findings] == []


@pytest.mark.django_db
def test_a_centre_without_code_tables_refuses_the_file_and_not_each_row(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("编号\n1\n", encoding="utf-8")
    with pytest.raises(Refused, match="还没有建好"):
        import_file(SYSTEM, path, read_mapping("hotline_orders"), timezone.now())
    assert not FeedBatch.objects.exists()


def test_citizens_may_not_import(tmp_path, district):
    (tmp_path / "m.toml").write_text(MAPPING.format(until="closed"), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    with pytest.raises(Forbidden):
        import_file(CITIZEN, tmp_path / "rows.csv", read_mapping(str(tmp_path / "m.toml")), district.call("agent").now)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("name = 1 2", "m.toml"),
        (MAPPING.format(until="someday"), "until"),
        (MAPPING.format(until="closed").replace("ref =", "reff ="), "ref"),
    ],
)
def test_a_broken_mapping_says_what_is_wrong(tmp_path, broken, says):
    (tmp_path / "m.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(BadMapping, match=says):
        read_mapping(str(tmp_path / "m.toml"))


def test_a_row_of_a_merged_category_goes_where_the_category_went(tmp_path, district):
    into = Category.objects.create(code="t-into", name="道路设施", level=1, full_name="道路设施")
    Category.objects.create(code="t-old", name="道路", level=1, full_name="道路", active=False, merged_into=into)
    run(tmp_path, district)
    assert set(Case.objects.values_list("category", flat=True)) == {into.pk}
