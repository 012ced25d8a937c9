"""Versions of a budget: kept one after another, balanced before they are submitted, approved by another, then money in the books."""

import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.kernel.errors import Forbidden, Missing, Refused, Stale
from qushu.ledger.actions import drop_document, keep_document
from qushu.ledger.booking.actions import close_month, enter
from qushu.ledger.booking.queries import balance_of, execution
from qushu.ledger.models import Book, BudgetDocument, BudgetVersion, Entry, VersionRow, VersionStep
from qushu.ledger.versions.actions import approve, draft_from_document, save_draft, send_back, submit
from qushu.ledger.versions.queries import approved, hands, rows_of, stage, stage_word
from qushu.ledger.versions.rules import Row, changes, fill_in, flaws, imbalances, missing, put, total
from qushu.ledger.versions.sheet import compared, read_rows
from qushu.people.access import SYSTEM, Actor
from qushu.people.actors import actor_for
from qushu.people.agenda import tasks_for
from qushu.people.models import AuditEntry
from qushu.people.tests.staff import make_account

from .made_budget import BUDGETS, DEPARTMENT, NETWORK, csv_of, income, made_rows, project, spending, xlsx_of
from .made_document import made_document

NOW = timezone.now()
Approved = Callable[..., BudgetVersion]


@pytest.fixture
def writer(db: None) -> Actor:
    return actor_for(make_account("administrator"))


@pytest.fixture
def leader(db: None) -> Actor:
    return actor_for(make_account("leader"))


@pytest.fixture
def document(db: None, tmp_path: Path) -> BudgetDocument:
    path = tmp_path / "预算.txt"
    path.write_text(made_document(), encoding="utf-8")
    return keep_document(SYSTEM, path, NOW)


@pytest.fixture
def through(writer: Actor, leader: Actor) -> Approved:
    """Rows saved, submitted and approved."""

    def go(rows: list[Row], before: BudgetVersion | None = None, month: int = 1) -> BudgetVersion:
        version = save_draft(writer, 2025, DEPARTMENT, before.pk if before else None, rows, "试", NOW)
        submit(writer, version.pk, NOW)
        approve(leader, version.pk, month, "同意", NOW)
        return version

    return go


# rules


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BUDGETS)
def test_a_balanced_budget_has_no_flaws_and_no_imbalance(rows: list[Row]) -> None:
    assert flaws(rows) == []
    assert imbalances(rows) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (income("0", "general"), "大于零"),
        (income("1", "own"), "哪一种收入"),
        (replace(income("1", "general"), function_code="2010350"), "收入不写"),
        (spending("1", "other", "operating", "2010350", "30201"), "只分到“单位资金”"),
        (replace(spending("1", "own", "operating", "2010350", "30201"), category=""), "支出类别"),
        (spending("1", "own", "project", "2010350", "30201"), "没有写项目"),
        (spending("1", "own", "operating", "201", "30201"), "7 位"),
        (project("1", "own", "30201", NETWORK, "=1+1"), "不能以"),
        (project("1", "own", "30201", NETWORK, "两  空"), "多余的空白"),
    ],
)
def test_what_cannot_be_kept_is_said(row: Row, said: str) -> None:
    assert said in flaws([row])[0]


def test_one_row_stands_once_and_one_project_has_one_name() -> None:
    row = project("1", "general", "30201", NETWORK, "网络")
    assert "同一条明细" in flaws([row, replace(row, amount=Decimal(2))])[0]
    assert "两个名称" in flaws([row, replace(row, economic_code="30202", project_name="链路")])[0]


def test_what_is_missing_is_said_with_its_money() -> None:
    said = missing([project("100", "", "30201", NETWORK, "网络", function="")])
    assert said == ["1 条没有写资金来源，共 0.01 万元", "1 条没有写功能科目，共 0.01 万元", "还没有收入"]


def test_changes_say_what_is_granted_more_and_less() -> None:
    one, two = project("5", "general", "30201", NETWORK, "网络"), project("7", "general", "30202", NETWORK, "网络")
    moved = changes([one, two], [replace(one, amount=Decimal(6))])
    assert [difference for _, difference in moved.values()] == [Decimal(1), Decimal(-7)]
    assert changes([one], [one]) == {}


def test_rows_are_added_replaced_and_left_out() -> None:
    one, two = income("1", "general"), income("2", "fund")
    assert put([one], None, two) == [one, two]
    assert put([one, two], 1, two) == [two, two]
    assert put([one, two], 2, None) == [one]
    with pytest.raises(IndexError):
        put([one], 2, two)


def test_several_rows_are_given_a_classification_at_once() -> None:
    rows = [
        income("3", "general"),
        project("1", "general", "30201", NETWORK, "网络", function="", function_name="旧名"),
        project("2", "", "30202", NETWORK, "网络", function="2019999"),
    ]
    filled = fill_in(rows, {2, 3}, {"function_code": "2010302", "source": "", "economic_code": ""})
    assert [(row.function_code, row.function_name, row.source) for row in filled] == [
        ("", "", "general"), ("2010302", "", "general"), ("2010302", "", ""),
    ]  # fmt: skip
    assert [row.economic_code for row in filled[1:]] == ["30201", "30202"]
    assert fill_in(rows, set(), {"source": "fund"}) == rows


# the spreadsheet


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BUDGETS, st.sampled_from(["xlsx", "csv"]))
def test_what_is_exported_comes_back_the_same(rows: list[Row], form: str) -> None:
    content = xlsx_of(rows) if form == "xlsx" else csv_of(rows).encode()
    back = read_rows(f"预算.{form}", io.BytesIO(content))
    bare = [replace(row, function_name="", economic_name="") for row in back]
    assert bare == rows
    again = xlsx_of(back) if form == "xlsx" else csv_of(back).encode()
    assert read_rows(f"预算.{form}", io.BytesIO(again)) == back


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        (b"PK\x03\x04broken", "已损坏"),
        ("甲,乙\n1,2\n".encode(), "缺少列：收支"),
        ((csv_of(made_rows()).splitlines()[0] + "\n").encode(), "没有数据行"),
        (csv_of(made_rows()).replace("通信链路租赁费", "=HYPERLINK(1)").encode(), "像公式"),
        (csv_of(made_rows()).replace("2011234.56", "2011234.567").encode(), "不是到分的金额"),
        (csv_of(made_rows()).replace("2011234.56", "很多").encode(), "第 2 行：金额（元）“很多”不是金额"),
        (csv_of(made_rows()).replace("人员经费", "人头费").encode(), "不在列表里"),
        (xlsx_of(made_rows())[:3000], "已损坏"),
    ],
)
def test_a_bad_spreadsheet_is_refused_as_a_whole(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match="导入|表头|xlsx") as refused:
        read_rows("预算.xlsx" if content.startswith(b"PK") else "预算.csv", io.BytesIO(content))
    assert said in refused.value.message


def test_a_formula_in_a_workbook_is_named_by_its_cell() -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(made_rows())))
    book.active["M3"] = "=SUM(M4:M9)"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(Refused, match="单元格 M3 是公式"):
        read_rows("预算.xlsx", file)


def test_an_import_says_what_is_new_changed_and_gone() -> None:
    rows = made_rows()
    after = [replace(rows[0], amount=Decimal(1)), *rows[2:]]
    assert [what for what, _, _ in compared(rows, after)] == ["changed", "gone"]
    assert [what for what, _, _ in compared(after, rows)] == ["changed", "new"]


# keeping versions


@pytest.mark.django_db
def test_each_save_is_another_version_and_the_former_stays(writer: Actor) -> None:
    first = save_draft(writer, 2025, DEPARTMENT, None, made_rows(), "初稿", NOW)
    second = save_draft(writer, 2025, DEPARTMENT, first.pk, made_rows()[1:], "删一条", NOW)
    assert (first.number, second.number, second.based_on_id) == (1, 2, first.pk)
    assert (len(rows_of(first)), len(rows_of(second))) == (28, 27)
    assert total(rows_of(first)) == total(made_rows())
    assert AuditEntry.objects.filter(action="budget.version_saved").count() == 2


@pytest.mark.django_db
def test_two_people_do_not_write_over_each_other(writer: Actor) -> None:
    first = save_draft(writer, 2025, DEPARTMENT, None, made_rows(), "", NOW)
    save_draft(writer, 2025, DEPARTMENT, first.pk, made_rows()[1:], "", NOW)
    with pytest.raises(Stale, match="没有保存"):
        save_draft(writer, 2025, DEPARTMENT, first.pk, made_rows(), "", NOW)
    with pytest.raises(Stale):
        save_draft(writer, 2025, DEPARTMENT, None, made_rows(), "", NOW)
    assert BudgetVersion.objects.count() == 2


@pytest.mark.django_db
def test_a_draft_needs_the_right_and_sound_rows(writer: Actor, leader: Actor) -> None:
    with pytest.raises(Forbidden):
        save_draft(leader, 2025, DEPARTMENT, None, made_rows(), "", NOW)
    with pytest.raises(Refused, match="没有保存"):
        save_draft(writer, 2025, DEPARTMENT, None, [income("0", "general")], "", NOW)
    with pytest.raises(Refused, match="年度"):
        save_draft(writer, 1925, DEPARTMENT, None, made_rows(), "", NOW)
    assert not BudgetVersion.objects.exists()


@pytest.mark.django_db
def test_a_first_draft_says_what_the_document_says(document: BudgetDocument, writer: Actor) -> None:
    version = draft_from_document(writer, document, NOW)
    rows = rows_of(version)
    spent = {row.words: row.amount for row in rows if row.side == "spending"}
    assert spent == {
        "人员经费": Decimal(600_000),
        "公用经费": Decimal(200_000),
        "通信链路租赁费 租赁费": Decimal(800_000),
        "OA系统和市民热线运行经费 租赁费": Decimal(400_000),
    }
    assert {row.source for row in rows if row.category == "project"} == {"general"}
    assert {row.source for row in rows if row.category != "project"} == {""}
    assert any("功能科目" in said for said in missing(rows))
    with pytest.raises(Refused, match="还不能提交"):
        submit(writer, version.pk, NOW)
    with pytest.raises(Refused, match="没有另起"):
        draft_from_document(writer, document, NOW)
    with pytest.raises(Refused, match="依据这份文件"):
        drop_document(writer, document.pk, NOW)


# deciding


@pytest.mark.django_db
def test_approved_money_stands_in_the_books(through: Approved, writer: Actor) -> None:
    version = through(made_rows(), None)
    book = Book.objects.get()
    spent = total(row for row in made_rows() if row.side == "spending" and row.category != "kept")
    assert (book.version, execution(book, 1).balance.budget) == (version, spent)
    assert (stage(version), stage_word(version)) == ("approved", "已批复")
    line = book.lines.get(project_code=NETWORK)
    assert (line.function_code, line.source, balance_of(line).free) == ("2010399", "general", Decimal(800_000))
    with pytest.raises(Refused, match="另起一稿"):
        enter(writer, line.pk, "adjustment", Decimal(1), 1, "试", NOW)


@pytest.mark.django_db
def test_who_submitted_does_not_approve(writer: Actor) -> None:
    author = actor_for(make_account("administrator"))
    version = save_draft(author, 2025, DEPARTMENT, None, made_rows(), "", NOW)
    submit(writer, version.pk, NOW)
    with pytest.raises(Refused, match="另一位同事"):
        approve(writer, version.pk, 1, "", NOW)
    with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
        VersionStep.objects.create(version=version, step="approved", by_id=writer.account_id, at=NOW)
    assert not Book.objects.exists()


@pytest.mark.django_db
def test_who_wrote_does_not_approve_what_another_submitted(writer: Actor) -> None:
    author, other = (actor_for(make_account("administrator")) for _ in range(2))
    first = save_draft(author, 2025, DEPARTMENT, None, made_rows(), "", NOW)
    version = save_draft(writer, 2025, DEPARTMENT, first.pk, made_rows(), "改一处", NOW)
    submit(writer, version.pk, NOW)
    with pytest.raises(Refused, match="另一位同事"):
        approve(author, version.pk, 1, "", NOW)
    with pytest.raises(IntegrityError, match="another hand"), transaction.atomic():
        VersionStep.objects.create(version=version, step="approved", by_id=author.account_id, at=NOW)
    assert not Book.objects.exists()
    approve(other, version.pk, 1, "", NOW)
    again = save_draft(author, 2025, DEPARTMENT, version.pk, made_rows(), "调整", NOW)
    submit(author, again.pk, NOW)
    assert hands(again) == {author.account_id} and other.account_id not in hands(again)


@pytest.mark.django_db
def test_a_submitted_version_waits_for_its_decision(writer: Actor, leader: Actor) -> None:
    version = save_draft(writer, 2025, DEPARTMENT, None, made_rows(), "", NOW)
    with pytest.raises(Stale):
        approve(leader, version.pk, 1, "", NOW)
    submit(writer, version.pk, NOW)
    with pytest.raises(Refused, match="等待批复"):
        save_draft(writer, 2025, DEPARTMENT, version.pk, made_rows()[1:], "", NOW)
    with pytest.raises(Stale):
        submit(writer, version.pk, NOW)
    with pytest.raises(Refused, match="原因"):
        send_back(leader, version.pk, " ", NOW)
    with pytest.raises(Forbidden):
        send_back(actor_for(make_account("analyst")), version.pk, "再核", NOW)
    send_back(leader, version.pk, "再核", NOW)
    with pytest.raises(Stale):
        approve(leader, version.pk, 1, "", NOW)
    again = save_draft(writer, 2025, DEPARTMENT, version.pk, made_rows(), "再报", NOW)
    assert (again.kind, stage(version), stage_word(version)) == ("initial", "returned", "已退回")
    with pytest.raises(Missing):
        submit(writer, 0, NOW)


@pytest.mark.django_db
def test_an_adjustment_enters_only_what_changed(through: Approved) -> None:
    first = through(made_rows(), None)
    before = Entry.objects.count()
    rows = [replace(row, amount=row.amount - 1000) if row.project_code == NETWORK else row for row in made_rows()]
    rows.append(project("1000", "general", "30227", "42010524031T000000299", "新项目"))
    second = through(rows, first, 3)
    added = Entry.objects.order_by("id")[before:]
    assert [(one.kind, one.month, one.line.project_code[-3:]) for one in added] == [
        ("adjustment", 3, "201"),
        ("adjustment", 3, "299"),
    ]
    assert approved(2025, DEPARTMENT) == second
    assert (second.kind, stage_word(second)) == ("adjustment", "已调整")
    book = Book.objects.get()
    assert execution(book, 2).balance.budget == execution(book, 3).balance.budget


@pytest.mark.django_db
def test_what_is_spent_cannot_be_taken_back(through: Approved, writer: Actor, leader: Actor) -> None:
    first = through(made_rows(), None)
    line = Book.objects.get().lines.get(project_code=NETWORK)
    enter(writer, line.pk, "direct", Decimal(799_500), 2, "付", NOW)
    rows = [replace(row, amount=row.amount - 1000) if row.project_code == NETWORK else row for row in made_rows()]
    rows[0] = replace(rows[0], amount=rows[0].amount - 1000)
    version = save_draft(writer, 2025, DEPARTMENT, first.pk, rows, "", NOW)
    submit(writer, version.pk, NOW)
    with pytest.raises(Refused, match="可用余额只有 500"):
        approve(leader, version.pk, 1, "", NOW)
    assert (stage(version), approved(2025, DEPARTMENT)) == ("submitted", first)


@pytest.mark.django_db
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(before=BUDGETS, after=BUDGETS, closed=st.integers(0, 11))
def test_an_adjustment_never_changes_a_closed_month(
    writer: Actor, leader: Actor, before: list[Row], after: list[Row], closed: int
) -> None:
    """Random budgets, one after the other: what stands in the books is what was approved, month by month."""
    with transaction.atomic():
        first = save_draft(writer, 2025, DEPARTMENT, None, before, "", NOW)
        submit(writer, first.pk, NOW)
        approve(leader, first.pk, 1, "", NOW)
        book = Book.objects.get()
        for month in range(1, closed + 1):
            close_month(writer, book.pk, month, NOW)
        seen = execution(book, closed) if closed else None
        second = save_draft(writer, 2025, DEPARTMENT, first.pk, after, "", NOW)
        submit(writer, second.pk, NOW)
        if closed:
            with pytest.raises(Refused, match="已经结账"):
                approve(leader, second.pk, closed, "", NOW)
        approve(leader, second.pk, closed + 1, "", NOW)
        assert seen is None or execution(book, closed) == seen
        granted = {row.key: row.amount for row in after if row.side == "spending" and row.category != "kept"}
        stands = {line: balance_of(line).budget for line in book.lines.all()}
        assert sum(stands.values()) == sum(granted.values())
        assert sorted(amount for amount in stands.values() if amount) == sorted(granted.values())
        transaction.set_rollback(True)


# the database's own word


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_versionrow SET amount = 1",
        "DELETE FROM ledger_versionstep",
        "UPDATE ledger_budgetversion SET words = ''",
    ],
)
def test_the_database_refuses_to_change_a_version(through: Approved, change: str) -> None:
    through(made_rows(), None)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (made_rows()[1:], "does not balance"),
        (
            [*made_rows()[:-1], project("14900.05", "own", "30227", NETWORK, "通信链路租赁费", function="")],
            "lacks codes",
        ),
    ],
)
def test_the_database_refuses_to_submit_what_does_not_hold(writer: Actor, rows: list[Row], said: str) -> None:
    version = save_draft(writer, 2025, DEPARTMENT, None, rows, "", NOW)
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        VersionStep.objects.create(version=version, step="submitted", by_id=writer.account_id, at=NOW)


@pytest.mark.django_db
def test_the_database_adds_no_row_to_a_submitted_version(through: Approved) -> None:
    version = through(made_rows(), None)
    with pytest.raises(IntegrityError, match="no draft"), transaction.atomic():
        VersionRow.objects.create(version=version, place=99, side="income", source="fund", amount=1, unit_code="7")


def test_a_submitted_budget_waits_for_whoever_may_approve_it(writer: Actor, leader: Actor) -> None:
    def waiting(actor: Actor) -> list[str]:
        return [task.why for task in tasks_for(actor, NOW) if task.words == "批复预算"]

    version = save_draft(writer, 2025, DEPARTMENT, None, made_rows(), "试", NOW)
    assert waiting(leader) == []
    submit(writer, version.pk, NOW)
    assert (waiting(leader), waiting(writer)) == ([str(version)], [])  # nobody approves what they submitted
    approve(leader, version.pk, 1, "同意", NOW)
    assert waiting(leader) == []
