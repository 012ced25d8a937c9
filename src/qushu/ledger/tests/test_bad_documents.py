"""A bad document ends in a clear error, on the page and in the command line, and nothing of it is kept."""

import io
import re
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import docx
import openpyxl
import pytest
import typst
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from qushu.ledger.actions import keep_document
from qushu.ledger.commands import ledger
from qushu.ledger.models import BudgetDocument, Project, Target
from qushu.people.access import SYSTEM
from qushu.people.models import AuditEntry
from qushu.people.tests.staff import log_in, make_account

from .made_document import made_document
from .made_full import full_document
from .test_long_files import pdf_of

MADE = made_document()


def pdf_of_words(words: str, tmp_path: Path) -> bytes:
    (tmp_path / "b.typ").write_text(f'#set text(font: "Noto Serif CJK SC")\n#"{words}"', encoding="utf-8")
    typst.compile(str(tmp_path / "b.typ"), output=str(tmp_path / "b.pdf"))
    return (tmp_path / "b.pdf").read_bytes()


def long_docx() -> bytes:
    file = io.BytesIO()
    written = docx.Document()
    for _ in range(800):
        written.add_paragraph("预算" * 2_000)
    written.save(file)
    return file.getvalue()


def with_project(**fields: str) -> Callable[[Path], bytes]:
    return lambda tmp_path: made_document(network=fields).encode()


def without(before: str, after: str) -> Callable[[Path], bytes]:
    assert before in MADE
    return lambda tmp_path: MADE.replace(before, after).encode()


BAD: dict[str, tuple[str, Callable[[Path], bytes], str]] = {
    "blank": ("a.txt", lambda at: b"\n \f\n", "没有文字"),
    "another paper": ("a.txt", lambda at: "关于召开会议的通知。".encode() * 50, "没有找到"),
    "cut off in a form": ("a.txt", lambda at: MADE[: len(MADE) // 2].encode(), "不完整"),
    "cut off in the narrative": ("a.txt", lambda at: MADE[: MADE.index("第四部分")].encode(), "第四部分"),
    "another layout": ("a.txt", without("项目编码", "编号"), "没有找到项目申报表"),
    "no text at all": ("a.pdf", lambda at: pdf_of(3), "没有文字"),
    "a PDF of something else": ("a.pdf", lambda at: pdf_of_words("会议通知", at), "没有找到"),
    "a PDF cut off": ("a.pdf", lambda at: pdf_of_words("会议通知", at)[:300], "不是完好的 PDF|没有文字"),
    "ten thousand pages of PDF": ("a.pdf", lambda at: pdf_of(10_000), "10,000 页"),
    "ten thousand pages of text": ("a.txt", lambda at: ("预算" * 600 + "\f").encode() * 10_000, "个字，超过 3,000,000"),
    "a long Word file": ("a.docx", lambda at: long_docx(), "超过 3,000,000 个字"),
    "a Word file that is none": ("a.docx", lambda at: b"PK\x03\x04", "不是完好的 DOCX"),
    "another kind of file": ("a.xlsx", lambda at: b"x", "不是 .txt、.pdf 或 .docx"),
    "neither encoding": ("a.txt", lambda at: b"\xff\xff\x80" * 9, "编码"),
    "a code twice": ("a.txt", lambda at: made_document(hotline={"code": "42010524031T000000201"}).encode(), "项目编码 .* 出现 2 次（第 .* 行）"),
    "an amount too large": ("a.txt", with_project(budget="9" * 30), "第 .* 行的.*太大"),
    "an amount finer than a cent": ("a.txt", with_project(item="80.0000001"), "第 .* 行的金额.*小数超过 2 位"),
    "a value too fine": ("a.txt", without("月报数量 12 篇", "月报数量 12.00001 篇"), "指标值.*小数超过 4 位"),
    "a name too long": ("a.txt", without("30214-租赁", "30214-" + "租赁" * 40), "第 .* 行的名称有 .* 个字，超过 60"),
    "a number of a goal": ("a.txt", without("长期绩效目标 1 网络", "长期绩效目标 99999 网络"), "编号是 99999，太大"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_it_is_refused_in_words_and_nothing_is_kept(
    bad: str, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qushu.kernel.commandline.district", nullcontext)
    name, content, said = BAD[bad]
    data = content(tmp_path)
    answer = log_in(make_account("administrator")).post(reverse("budget"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    path = tmp_path / name
    path.write_bytes(data)
    ran = CliRunner().invoke(ledger, ["import", str(path)])
    assert ran.exit_code == 1 and "Traceback" not in ran.output
    for words in (answer.content.decode(), ran.output):
        assert re.search(f"(?s)({said}).*什么也没有导入", words), words[-600:]
    assert not (BudgetDocument.objects.exists() or Project.objects.exists() or Target.objects.exists())
    assert not AuditEntry.objects.filter(action="budget.document_kept").exists()


def test_a_name_that_swallowed_the_table_is_listed_and_the_others_stay(db: None, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(MADE.replace("全年完成月报数量 12 篇", f"全年完成{'月报' * 90}数量 12 篇", 1), encoding="utf-8")
    kept = keep_document(SYSTEM, path, timezone.now())
    whole = len([line for line in MADE.splitlines() if "月报数量" in line])
    assert kept.targets.filter(name__contains="月报").count() == whole - 1
    assert kept.unreadparts.filter(why__contains="超过 120 个字").count() == 1


FORMULA = "=HYPERLINK(1)"


def test_no_words_of_a_document_act_as_a_formula_in_a_file_of_ours(db: None, tmp_path: Path) -> None:
    text = full_document(network={"name_before": FORMULA, "change": "＝1，故增加 10 万元。"})
    text = text.replace("全年完成月报数量 12 篇", "@SUM(A1)全年完成月报数量 12 篇").replace(
        "2025 年部门收入预算 200", "=2025 年部门收入预算 210"
    )
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    kept = keep_document(SYSTEM, path, timezone.now())
    client = log_in(make_account("administrator"))
    found = set()
    for kind in ("projects", "targets", "findings", "unread", "figures"):
        address = reverse("ledger-export", args=[kind, "xlsx"])
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}?document={kept.pk}").content))
        for row in book.active.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
            found |= {str(cell.value)[0] for cell in row if str(cell.value or "").startswith(("=", "@", "＝"))}
        table = (
            client.get(f"{reverse('ledger-export', args=[kind, 'csv'])}?document={kept.pk}")
            .getvalue()
            .decode("utf-8-sig")
        )
        cells = [cell.lstrip('"') for line in table.splitlines() for cell in line.split(",")]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "＝"))]
    assert found == {"=", "@", "＝"}
