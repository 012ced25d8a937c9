"""交办单: the sheet that goes to a unit, as Word and as PDF (A4)."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst
from django.conf import settings
from django.utils import timezone
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from qushu.kernel.personal import mask_free_text
from qushu.people.access import Actor

from .contact import masked_contact
from .models import Case
from .rules import SHANGHAI

FONT = "Noto Sans CJK SC"
WORD_FONT = "仿宋"


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet: rows of (heading, text), in order; tall ones leave room to write."""

    title: str
    number: str
    printed: str
    rows: Sequence[tuple[str, str]]
    blanks: Sequence[str] = ("承办人意见", "单位负责人签批", "办理结果")


def sheet_of(case: Case, actor: Actor, now: datetime) -> Sheet:
    """The sheet of a case. Caller and words are masked: paper goes through many hands."""
    said = case.statement
    contact = masked_contact(case.number, said.sealed)
    caller = "身份保密" if "sensitive" in case.marks else " ".join(filter(None, (contact.name, contact.phone)))
    parts = case.assignments.filter(ended_at__isnull=True).select_related("unit").order_by("-part", "pk")
    lead = next((part for part in parts if part.part == "lead"), None)
    assisting = "、".join(part.unit.name for part in parts if part.part == "assist")
    running = case.clocks.filter(stopped_at__isnull=True).order_by("due_at")
    due = "；".join(f"{clock.get_name_display()} {_local(clock.due_at)}" for clock in running)
    return Sheet(
        f"{settings.QUSHU_DISTRICT}市民诉求交办单",
        case.number,
        f"{_local(now)} {actor.name} 打印",
        [
            ("来源", f"{case.channel.name}　{case.get_kind_display()}　{case.get_urgency_display()}"),
            ("受理时间", _local(case.accepted_at)),
            ("诉求人", caller or "未留"),
            ("地点", " ".join(filter(None, (str(case.street or ""), _community(case), mask_free_text(said.place))))),
            ("类别", str(case.category or "未定")),
            ("标题", mask_free_text(case.title)),
            ("诉求内容", mask_free_text(said.text)),
            ("主办单位", lead.unit.name if lead else "未派"),
            ("协办单位", assisting or "无"),
            ("交办意见", mask_free_text(lead.instruction) if lead and lead.instruction else "请按时限办理并答复市民。"),
            ("办理时限", due or "—"),
        ],
    )


def sheet_docx(sheet: Sheet) -> bytes:
    """The sheet as a Word file."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = WORD_FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), WORD_FONT)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(sheet.title)
    run.bold, run.font.size = True, Pt(20)
    document.add_paragraph(f"编号：{sheet.number}　　{sheet.printed}")
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, text in [*sheet.rows, *((label, "\n\n\n") for label in sheet.blanks)]:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
        cells[0].width, cells[1].width = Cm(2.8), Cm(13.8)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF with its font inside. What people wrote goes in as data, never as markup."""
    data = {
        "title": sheet.title,
        "number": sheet.number,
        "printed": sheet.printed,
        "rows": [list(row) for row in sheet.rows],
        "blanks": list(sheet.blanks),
        "font": FONT,
    }
    template = files("qushu.cases").joinpath("data/sheet.typ").read_bytes()
    made = typst.compile(  # type: ignore[misc]
        template, font_paths=[_fonts()], ignore_system_fonts=True, sys_inputs={"sheet": json.dumps(data)}
    )
    return bytes(made)


@cache
def _fonts() -> str:
    return str(Path(str(files("manimgx_fonts_cjk").joinpath("NotoSansCJK-VF.otf.ttc"))).parent)


def _community(case: Case) -> str:
    return str(case.area) if case.area and case.area_id != case.street_id else ""


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment, SHANGHAI):%Y-%m-%d %H:%M}"
