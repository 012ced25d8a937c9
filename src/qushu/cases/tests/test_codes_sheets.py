"""The code tables as files: what is exported imports unchanged, a rehearsal changes nothing, a broken row stops the file."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qushu.cases.codes.sheets import CALENDAR, CATEGORIES, CHANNELS, CLOCK_RULES, CODE_SHEETS, LADDER, REASONS
from qushu.cases.models import Category, Channel, ClockRule, LadderStep, Reason
from qushu.cases.rulebook import TABLES
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.kept import versions
from qushu.kernel.models import CalendarDay, TableVersion
from qushu.people.models import AuditEntry
from qushu.people.sheets import SHEETS, apply_rows, rehearse_rows
from qushu.people.sheets.files import csv_lines, read_rows, xlsx_file

from .codes import as_administrator
from .district import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(district):
    return district.people["administrator"]


def table(*rows: str) -> list:
    return read_rows("t.csv", BytesIO("\n".join(rows).encode()))


def version() -> int:
    return max(number or 0 for number in versions(TABLES))


@pytest.mark.parametrize("sheet", CODE_SHEETS, ids=[sheet.kind for sheet in CODE_SHEETS])
def test_what_is_exported_imports_without_a_change(district, admin, sheet):
    rows = list(sheet.rows())
    assert rows
    as_csv = read_rows("a.csv", BytesIO("".join(csv_lines(sheet.columns, rows)).encode()))
    as_xlsx = read_rows("a.xlsx", BytesIO(xlsx_file(sheet.title, sheet.columns, rows)))
    for read in (as_csv, as_xlsx):
        outcome = rehearse_rows(sheet, admin, read, MONDAY)
        assert outcome.counts == {"new": 0, "change": 0, "same": len(rows), "broken": 0}, outcome.of("broken")[:3]


@pytest.mark.parametrize("sheet", CODE_SHEETS, ids=[sheet.kind for sheet in CODE_SHEETS])
def test_each_table_is_offered_for_import_and_its_page_exists(district, sheet):
    assert SHEETS[sheet.kind] is sheet
    browser = as_administrator()
    assert browser.get(f"/admin/import/{sheet.kind}/").status_code == 200
    assert browser.get(f"/admin/export/{sheet.kind}.csv").status_code == 200


@pytest.mark.parametrize("sheet", CODE_SHEETS, ids=[sheet.kind for sheet in CODE_SHEETS])
def test_nobody_else_imports(district, sheet):
    rows = [(2, next(sheet.rows()))]
    with pytest.raises(Forbidden):
        apply_rows(sheet, district.people["supervisor"], rows, MONDAY)


CHANGES = {
    "categories": (
        CATEGORIES,
        (
            "代码,名称,上级代码,常用词,启用",
            "0101,市容,01,,是",
            "010199,流动摊点,0101,摆摊 夜市,是",
            "010102,出店经营,0102,出店,是",
        ),
        {"new": 1, "change": 2, "same": 0, "broken": 0},
    ),
    "channels": (
        CHANNELS,
        ("代码,名称,顺序,启用", "12345,市民热线,5,是", "letter,来信,80,是"),
        {"new": 1, "change": 1, "same": 0, "broken": 0},
    ),
    "reasons": (
        REASONS,
        (
            "用于,代码,理由,依据",
            "退单,not_ours,不是本单位的,规定",
            "延期,holiday,节假日,",
            "挂账,not_ours,同一代码另一环节,",
        ),
        {"new": 2, "change": 1, "same": 0, "broken": 0},
    ),
    "clock-rules": (
        CLOCK_RULES,
        (
            "规则,时限,诉求类型,紧急程度,时长,单位,生效",
            ",首次联系,,,90,自然分钟,",
            ",首次联系,举报,,60,自然分钟,2099-01-01",
        ),
        {"new": 2, "change": 0, "same": 0, "broken": 0},
    ),
    "ladder": (
        LADDER,
        (
            "编号,时限,已用时限%,超期,超期单位,动作,对象,启用",
            ",办结,30,,,提醒,承办人,是",
            ",派单,,0,自然分钟,提醒,督办员,是",
        ),
        {"new": 2, "change": 0, "same": 0, "broken": 0},
    ),
    "calendar": (
        CALENDAR,
        ("日期,上班,名称", "2027-01-01,否,元旦", "2024/2/12,是,值守", "2024-03-05,是,"),
        {"new": 1, "change": 1, "same": 1, "broken": 0},
    ),
}


def everything() -> list:
    tables = (Category, Channel, Reason, ClockRule, LadderStep, CalendarDay, AuditEntry, TableVersion)
    return [list(model.objects.order_by("pk").values()) for model in tables]


@pytest.mark.parametrize(("sheet", "lines", "counts"), CHANGES.values(), ids=list(CHANGES))
def test_a_rehearsal_says_what_the_import_will_do_and_changes_nothing(district, admin, sheet, lines, counts):
    before = everything()
    outcome = rehearse_rows(sheet, admin, table(*lines), MONDAY)
    assert outcome.counts == counts, outcome.of("broken")
    assert everything() == before
    assert apply_rows(sheet, admin, table(*lines), MONDAY).counts == counts
    assert everything() != before
    if sheet not in (CLOCK_RULES, LADDER):
        assert rehearse_rows(sheet, admin, table(*lines), MONDAY).counts["same"] == len(lines) - 1


@pytest.mark.parametrize("kind", [kind for kind in CHANGES if kind not in ("reasons", "channels")])
def test_an_import_tells_the_rulebook(district, admin, kind):
    sheet, lines, _ = CHANGES[kind]
    before = version()
    apply_rows(sheet, admin, table(*lines), MONDAY)
    assert version() > before


BROKEN = {
    "categories": (
        CATEGORIES,
        "代码,名称,上级代码",
        (
            "x y,空格,01",
            "010199,没有上级,zz",
            "0101,市容秩序,",
            ",没有代码,01",
            "0102,市容秩序,01",
            "010101,占道经营,02",
        ),
    ),
    "channels": (
        CHANNELS,
        "代码,名称,顺序,启用",
        ("12345,市民热线,第一,是", "a,,1,是", "b,网上信箱,1,是", "mailbox,网上信箱,40,否", "c,名,1,也许"),
    ),
    "reasons": (REASONS, "用于,代码,理由", ("搁置,a,理由", "退单,a b,理由", "退单,x,", "退单,x,不属于本辖区")),
    "clock-rules": (
        CLOCK_RULES,
        "规则,时限,诉求类型,紧急程度,类别代码,渠道代码,时长,单位,生效",
        (
            "99999,办结,,,,,5,工作日,",
            ",午饭,,,,,5,工作日,",
            ",办结,闲聊,,,,5,工作日,",
            ",办结,,不急,,,5,工作日,",
            ",办结,,,zz,,5,工作日,",
            ",办结,,,,zz,5,工作日,",
            ",办结,求助,,,,五,工作日,",
            ",办结,投诉,,,,0,工作日,",
            ",签收,,,,,5,星期,",
            ",回访,,,,,5,工作日,昨天",
            ",派单,,,,,5,工作日,2001-01-01",
        ),
    ),
    "ladder": (
        LADDER,
        "编号,时限,已用时限%,超期,动作,对象",
        (
            "999,办结,10,,提醒,承办人",
            ",办结,10,1,提醒,承办人",
            ",办结,,,提醒,承办人",
            ",办结,半,,提醒,承办人",
            ",办结,10,,喊,承办人",
            ",办结,50,,提醒,承办人",
        ),
    ),
    "calendar": (
        CALENDAR,
        "日期,上班,名称",
        ("昨天,否,", "2024-02-30,否,", "1999-01-01,否,", "2024-03-05,半天,", "2024-03-06,,"),
    ),
}


@pytest.mark.parametrize(("sheet", "heading", "lines"), BROKEN.values(), ids=list(BROKEN))
def test_every_broken_row_is_named_and_nothing_is_imported(district, admin, sheet, heading, lines):
    good = CHANGES[sheet.kind][1]
    broken = table(heading, *lines)
    outcome = rehearse_rows(sheet, admin, broken, MONDAY)
    assert [line for line, _ in outcome.of("broken")] == [line for line, _ in broken]
    before = everything()
    width = len(heading.split(","))
    first_good = dict(zip(good[0].split(","), good[1].split(","), strict=True))
    mixed = [(2, {name: first_good.get(name, "") for name in heading.split(",")}), (3, broken[0][1])]
    assert width == len(mixed[0][1])
    with pytest.raises(Refused, match="第 3 行"):
        apply_rows(sheet, admin, mixed, MONDAY)
    assert everything() == before


def test_a_changed_rule_in_a_file_ends_the_old_one(district, admin):
    rule = ClockRule.objects.get(clock="resolve", kind="help", urgency="general")
    lines = ("规则,时限,诉求类型,紧急程度,时长,单位", f"{rule.pk},办结,求助,一般,3,工作日")
    outcome = apply_rows(CLOCK_RULES, admin, table(*lines), MONDAY)
    words = outcome.of("change")[0][1].words
    assert "时长：5 个工作日 → 3 个工作日" in words
    rule.refresh_from_db()
    assert rule.effective_to == MONDAY and rule.successors.get().amount == 3


def test_the_same_thing_twice_in_a_file_is_named(district, admin):
    outcome = rehearse_rows(REASONS, admin, table("用于,代码,理由", "退单,x,甲", "退单,x,乙"), MONDAY)
    assert "第 2 行" in outcome.of("broken")[0][1].words[0]


def test_a_file_is_looked_at_and_imported_on_the_page(district):
    browser = as_administrator()
    lines = "代码,名称,上级代码\n010199,流动摊点,0101\n"
    look = browser.post("/admin/import/categories/", {"file": SimpleUploadedFile("类别.csv", lines.encode())})
    assert look.status_code == 200 and not Category.objects.filter(code="010199").exists()
    done = browser.post("/admin/import/categories/apply/", {"kept": look.context["kept"]})
    assert "已导入" in done.content.decode()
    assert Category.objects.get(code="010199").full_name == "城市管理 / 市容秩序 / 流动摊点"
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"category.added", "import.applied"}
