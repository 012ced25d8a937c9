"""Word and PDF say what the tables say, to the 分; a whole set is written in time."""

import io
import time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from docx import Document

from qushu.ledger.actions import keep_document
from qushu.ledger.disclosure.files import WRITERS
from qushu.ledger.disclosure.filing import filing_of
from qushu.ledger.disclosure.grid import Grid
from qushu.ledger.disclosure.printing import paper_of
from qushu.ledger.disclosure.twelve import build
from qushu.people.access import SYSTEM

from .made_budget import DEPARTMENT, made_rows
from .made_document import made_document

VERSION = SimpleNamespace(department=DEPARTMENT, year=2025)


@pytest.fixture
def grids(db: None, tmp_path: Path) -> list[Grid]:
    path = tmp_path / "预算.txt"
    path.write_text(made_document(), encoding="utf-8")
    document = keep_document(SYSTEM, path, timezone.now())
    return build(made_rows(), filing_of(document, 2025, DEPARTMENT, Decimal(10_000)))


def amounts(grids: list[Grid]) -> set[str]:
    return {cell.text for grid in grids for row in grid.body for cell in row if isinstance(cell.value, Decimal)}


def test_word_says_every_amount_and_target(grids: list[Grid]) -> None:
    document = Document(io.BytesIO(WRITERS["docx"](grids, VERSION)))  # type: ignore[arg-type]
    assert len(document.tables) == len(grids)
    said = {cell.text for table in document.tables for row in table._tbl.tr_lst for cell in [*map(_Text, row.tc_lst)]}
    assert amounts(grids) <= said
    assert {"实现政务网全覆盖点位数", "通信链路租赁费", "≥ 300 个"} <= said


class _Text:
    def __init__(self, cell: object) -> None:
        self.text = "".join(part.text or "" for part in cell.iter("{*}t"))  # type: ignore[attr-defined]


def test_every_table_begins_a_page_and_wide_ones_lie(grids: list[Grid]) -> None:
    paper = paper_of(grids, DEPARTMENT, 2025)
    kinds = [type(block).__name__ for block in paper.blocks]
    assert kinds[:3] == ["Table", "Wide", "Table"]
    assert kinds.count("Wide") == 3


def test_the_pdf_says_the_totals(grids: list[Grid]) -> None:
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(WRITERS["pdf"](grids, VERSION))).pages  # type: ignore[arg-type]
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    for wanted in ("244.213471", "242.723466", "158.92341", "78.700056"):
        assert wanted in text.replace(" ", "")


def test_the_whole_set_is_written_in_time(grids: list[Grid], record_property) -> None:
    """Twice: the first time fonts and libraries are loaded. The goal is two seconds; a busy machine gets more."""
    for write in WRITERS.values():
        write(grids, VERSION)  # type: ignore[arg-type]
    began = time.process_time()
    for write in WRITERS.values():
        write(grids, VERSION)  # type: ignore[arg-type]
    took = time.process_time() - began
    record_property("seconds", took)
    assert took < 4


def test_the_department_form_reads_duties_and_tasks_without_broken_lines(grids: list[Grid]) -> None:
    (form,) = [grid for grid in grids if grid.number == 11]
    words = [cell.text for row in form.body for cell in row]
    assert "1.负责全区政务网络。" in words
    assert not any("绩效目标" in gap for gap in form.gaps)
