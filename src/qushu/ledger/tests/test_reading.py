"""Reading a disclosure: every target, amount and goal comes out, whatever lines its cells are broken over."""

import hashlib
import json
import os
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qushu.ledger.commands import as_row
from qushu.ledger.reading import files
from qushu.ledger.reading.document import BadDocument, read_document
from qushu.ledger.reading.files import read_file, text_of
from qushu.ledger.reading.parts import Document, Reading, Target

from .made_document import made_document

SHARED = Path(os.environ.get("QUSHU_SHARED", Path(__file__).parents[5] / "shared"))
REAL = SHARED / "seed" / "部门预算2024.txt"


def said(target: Target) -> tuple[str, str, str, str]:
    return target.level1, target.level2, target.name, str(target.promised)


@pytest.fixture(scope="module")
def made() -> Document:
    return read_document(made_document())


def test_year_department_and_unit_are_read(made: Document) -> None:
    assert (made.year, made.department.name, made.unit) == (2025, "南山市临江区数字服务中心", "万元")


def test_the_departments_targets_come_with_their_levels(made: Document) -> None:
    assert [said(one) for one in made.department.targets] == [
        ("产出指标", "数量指标", "实现政务网全覆盖点位数", "≥ 300个"),
        ("产出指标", "质量指标", "热线办理工作在全市各区的综合评价", "综合评价居全市各区前列"),
        ("满意度指标", "服务对象满意度指标", "运营商处置链路故障满意度", "≥ 85%"),
        ("效益指标", "社会效益指标", "全年累计访问量", "≥ 110万"),
        ("效益指标", "社会效益指标", "每月独立访客人数", "≥ 5万"),
    ]
    assert [one.scope for one in made.department.targets] == ["long"] * 3 + ["annual"] * 2
    assert made.department.targets[0].goal == "实现政务网络全覆盖。"


def test_former_values_are_of_two_years_and_none_is_none(made: Document) -> None:
    visits, visitors = made.department.targets[3:]
    assert visits.former == (Reading(">=", Decimal(100), "万"), Reading(">=", Decimal(110), "万"))
    assert visitors.former == (None, None)


def test_a_number_within_a_name_is_not_its_value(made: Document) -> None:
    project = made.projects[0]
    names = {one.name: str(one.promised) for one in project.targets}
    assert names["汇聚数据4亿条"] == "100%"
    assert names["一年故障不多于5次则满意度为100%"] == "100%"
    assert names["全年完成月报数量"] == "12篇"


def test_words_and_dates_are_values_too(made: Document) -> None:
    project = made.projects[0]
    by_name = {(one.scope, one.name): one for one in project.targets}
    assert by_name["long", "完成时间"].promised == Reading("date", "2025年底")
    rank = by_name["annual", "热线办理工作在全市各区的综合评价"]
    assert rank.promised == Reading("text", "综合评价居全市各区前列")
    assert rank.former == (None, Reading("text", "综合评价居全市各区前三名"))


def test_a_project_is_read_whole(made: Document) -> None:
    project = made.projects[0]
    assert (project.code, project.name) == ("42010524031T000000201", "通信链路租赁费")
    assert (project.total, project.budget, project.former) == (150, 80, {2023: 60, 2024: 70})
    assert project.change.amount == 10
    assert project.facts["起始年度"] == "2024"
    assert [(one.name, one.amount) for one in project.sources][:2] == [("合计", 80), ("一般公共预算财政拨款", 80)]
    (item,) = project.items
    assert (item.economic_code, item.economic_name, item.amount) == ("30214", "租赁费", 80)
    assert item.basis == "12个点位，每个2.5万元。"
    (bought,) = project.purchases
    assert (bought.catalogue_code, bought.quantity, bought.amount) == ("C17010200", 1, 80)
    assert made.projects[1].name == "OA系统和市民热线运行经费"


def test_thousands_are_read_in_former_budgets_and_changes_too() -> None:
    amounts = {"total": "2,270", "budget": "1,200", "before": "1,000", "last": "1,070", "change": "增加 1,130 万元。"}
    project = read_document(made_document(network=amounts)).projects[0]
    assert (project.total, project.budget, project.former) == (2270, 1200, {2023: 1000, 2024: 1070})
    assert project.change.amount == 1130


def test_money_of_the_department_and_kinds_of_projects(made: Document) -> None:
    assert [(one.name, one.amount, one.share) for one in made.department.funds][:3] == [
        ("财政拨款", 200, 100),
        ("单位资金", 0, 0),
        ("合计", 200, 100),
    ]
    (group,) = made.department.groups
    assert (group.name, group.budget, group.purpose) == ("专项业务类项目", 120, "用于网络租赁和热线")


def test_figures_of_the_narrative_keep_their_sentence_and_heading(made: Document) -> None:
    assert [(one.value, one.unit) for one in made.figures] == [(200, "万元"), (20, "万元"), (Decimal("11.1"), "%")]
    assert made.figures[0].heading == "收支预算总体安排及增减变化情况"
    assert "增长11.1%" in made.figures[0].sentence


def test_a_table_without_text_is_listed_as_unread(made: Document) -> None:
    assert [one.where for one in made.unread] == ["表 1"]


def test_every_part_says_its_line(made: Document) -> None:
    lines = made_document().splitlines()
    for target in made.targets:
        nearby = "".join(lines[target.line - 1 : target.line + 16]).replace(" ", "")
        assert target.name[:2] in nearby


def test_a_row_that_cannot_be_read_is_listed_with_its_place_and_the_others_stay() -> None:
    broken = made_document().replace("运营商处置链\n\n路故障满意度\n≥ 85%", "运营商处置链\n\n路故障满意度\n尽量好")
    document = read_document(broken)
    assert len(document.targets) == len(read_document(made_document()).targets) - 1
    (left,) = [one for one in document.unread if "满意度" in one.words]
    assert left.line > 0
    assert "尽量好" in left.words


def test_a_form_without_its_amount_is_listed_and_the_other_project_stays() -> None:
    document = read_document(made_document(network={"budget": "若干"}))
    assert [one.code for one in document.projects] == ["42010524031T000000202"]
    assert any("项目当年预算" in one.why for one in document.unread)


@pytest.mark.parametrize("text", ["", "今天天气很好。" * 50, "2024 年部门预算公开说明\n没有表格。"])
def test_what_is_no_budget_is_refused_with_what_is_missing(text: str) -> None:
    with pytest.raises(BadDocument, match="没有找到.*什么也没有导入"):
        read_document(text)


def facts(document: Document) -> tuple[object, ...]:
    return document.year, document.department, document.projects, document.figures


@settings(max_examples=100, deadline=None)
@given(cut=st.integers(0, len(made_document())))
def test_a_document_that_was_cut_off_is_refused_unless_nothing_of_it_is_lost(cut: int) -> None:
    text = made_document()
    try:
        document = read_document(text[:cut])
    except BadDocument as refused:
        assert "什么也没有导入" in refused.message
    else:
        assert facts(document) == facts(read_document(text))


@settings(max_examples=60, deadline=None)
@given(noise=st.text(max_size=30), at=st.integers(0, len(made_document())))
def test_a_disturbed_document_ends_clearly(noise: str, at: int) -> None:
    text = made_document()
    try:
        document = read_document(text[:at] + noise + text[at:])
    except BadDocument:
        return
    assert all(one.name for one in document.targets)


def test_a_docx_and_a_pdf_give_the_same_targets(tmp_path: Path) -> None:
    import docx
    import typst

    written = docx.Document()
    for line in made_document().splitlines():
        written.add_paragraph(line)
    written.save(str(tmp_path / "b.docx"))
    lines = "\n".join(f'#par[#"{line}"]' for line in made_document().splitlines() if line.strip())
    (tmp_path / "b.typ").write_text(f'#set text(font: "Noto Serif CJK SC")\n{lines}', encoding="utf-8")
    typst.compile(str(tmp_path / "b.typ"), output=str(tmp_path / "b.pdf"))
    wanted = [(one.owner, said(one), one.former) for one in read_document(made_document()).targets]
    for name in ("b.docx", "b.pdf"):
        found = read_document(text_of(tmp_path / name)).targets
        assert [(one.owner, said(one), one.former) for one in found] == wanted, name


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"%PDF-1.4 broken"), ("a.docx", b"PK\x03\x04"), ("a.xls", b"x")]
)
def test_a_broken_file_is_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadDocument, match="什么也没有导入"):
        text_of(tmp_path / name)


ENTITIES = "".join(f'<!ENTITY {chr(98 + one)} "{f"&{chr(97 + one)};" * 10}">' for one in range(9))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"<w:t>x</w:t>", b"<w:t>x</w:t></w:r></w:p>" + b"<w:p/>" * 17_000_000 + b"<w:p><w:r>", "解开后有 10. MB"),
        (b"<w:t>x", f'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'.encode() + b"<w:t>&k;", "不是完好的 DOCX"),
    ],
    ids=["a desert", "entities in entities"],
)
def test_a_docx_made_to_do_harm_is_refused(tmp_path: Path, before: bytes, after: bytes, said: str) -> None:
    import docx

    written = docx.Document()
    written.add_paragraph("x")
    written.save(str(tmp_path / "plain.docx"))
    with (
        zipfile.ZipFile(tmp_path / "plain.docx") as plain,
        zipfile.ZipFile(tmp_path / "b.docx", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in plain.namelist():
            content = plain.read(part)
            if part == "word/document.xml":
                assert before in content
                content = content.replace(before, after)
            packed.writestr(part, content)
    with pytest.raises(BadDocument, match=f"“年.docx”{said}.*什么也没有导入"):
        read_file(tmp_path / "b.docx", "年.docx")


def test_a_document_that_would_be_read_for_ever_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SECONDS", 2)
    (tmp_path / "a.txt").write_text(
        made_document().replace(" 第三部分", "项目名称 a 项目编码 42010523031T000000100 " * 60_000 + " 第三部分"),
        "utf-8",
    )
    with pytest.raises(BadDocument, match="要读很久.*什么也没有导入"):
        read_file(tmp_path / "a.txt")


def test_text_in_gb18030_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(made_document().encode("gb18030"))
    assert read_document(text_of(tmp_path / "a.txt")).year == 2025


@pytest.fixture(scope="module")
def real() -> Document:
    return read_document(text_of(REAL))


@pytest.mark.skipif(not REAL.exists(), reason="the real document lies in ../shared, which is not here")
class TestRealDocument:
    def test_its_projects_targets_and_sums(self, real: Document) -> None:
        assert len(real.projects) == 14
        assert len(real.targets) == 173
        assert Counter(one.scope for one in real.targets) == {"long": 86, "annual": 87}
        assert sum(one.budget for one in real.projects) == Decimal("977.12")
        assert sum(one.amount for project in real.projects for one in project.purchases) == Decimal("760.62")

    def test_its_targets_are_as_a_person_read_them(self, real: Document) -> None:
        # Owner, scope, goal, levels, name, operator, value, unit and former values of all 173 were compared with the text.
        rows = json.dumps([as_row(one) for one in real.targets], ensure_ascii=False, sort_keys=True)
        assert hashlib.sha256(rows.encode()).hexdigest() == (
            "867d0bea9fc1b666198f247229657334360458367c49d5c75ada1b29ff7d12ec"
        )

    def test_only_the_tables_that_are_pictures_are_unread(self, real: Document) -> None:
        assert {one.where for one in real.unread} == {f"表 {number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10)}

    def test_every_indicator_of_an_owner_stands_in_both_scopes_with_one_spelling(self, real: Document) -> None:
        for project in real.projects:
            names = {scope: {one.name for one in project.targets if one.scope == scope} for scope in ("long", "annual")}
            assert names["long"] == names["annual"], project.code

    def test_long_and_annual_promise_the_same_value(self, real: Document) -> None:
        for project in real.projects:
            promised = {(one.name, one.scope): str(one.promised) for one in project.targets}
            for name, scope in promised:
                assert promised[name, "long"] == promised[name, "annual"], (project.code, name, scope)
