"""The Word file that a paper starts from: page, grid, styles and page numbers. Imported when one is written."""

from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.document import Document as Written
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .model import Paper
from .numbering import writable

PITCH = 28.95
"""Points from line to line: 22 of them in 225 mm."""
CLOSER = -5
"""How much closer than 三号 the letters of the text stand, in twentieths of a point: 28 of them in 156 mm. The grid's own
w:charSpace would say it too, but LibreOffice reads a negative one as wide."""
RED = RGBColor(0xC0, 0, 0)


@dataclass(frozen=True)
class Look:
    """How a style looks: letters, size in points, place, and lines (points from line to line, 0: as high as needed).

    What isn't `on_grid` keeps its own distances: the grid would set small letters as wide and high as those of the text.
    """

    font: str
    points: float = 16
    align: str = "JUSTIFY"
    first: int = 0
    pitch: float = PITCH
    before: float = 0
    after: float = 0
    right: int = 0
    sides: int = 0
    on_grid: bool = False


LOOKS = {
    "Normal": Look("仿宋", first=200, on_grid=True),
    "Title": Look("方正小标宋简体", 22, "CENTER", pitch=35, after=PITCH),
    "Heading 1": Look("黑体", first=200, on_grid=True),
    "Heading 2": Look("楷体", first=200, on_grid=True),
    "Heading 3": Look("仿宋", first=200, on_grid=True),
    "Heading 4": Look("仿宋", first=200, on_grid=True),
    "Caption": Look("黑体", 14, "CENTER", pitch=0, before=6, after=4),
    "公文顶格": Look("仿宋", on_grid=True),
    "公文居中": Look("楷体", align="CENTER", after=14),
    "公文落款": Look("仿宋", align="RIGHT", right=400, on_grid=True),
    "公文注": Look("仿宋", 12, pitch=0, before=6, after=10),
    "公文表注": Look("仿宋", 12, "RIGHT", pitch=0, after=2),
    "公文表格": Look("仿宋", 12, "CENTER", pitch=0),
    "公文表后": Look("仿宋", 12, pitch=0),
    "公文图": Look("仿宋", align="CENTER", pitch=0, before=6),
    "公文版头": Look("方正小标宋简体", 40, "CENTER", pitch=0, after=14),
    "公文版头信息": Look("仿宋", align="LEFT", after=PITCH, sides=100),
    "公文页码": Look("宋体", 14, pitch=0),
}


def blank(paper: Paper) -> Written:
    """A document without text, with the page, the styles and the page numbers of the standard."""
    document = Document()
    document.core_properties.title = writable(paper.title)
    document.core_properties.author = writable(paper.unit)
    for name, look in LOOKS.items():
        _style(document, name, look)
    lead = document.styles.add_style("公文领起", WD_STYLE_TYPE.CHARACTER)
    _letters(lead, "黑体", None)
    _red_head(document)
    _lay(document.sections[0], lying=False)
    document.settings.odd_and_even_pages_header_footer = True
    _folio(document.sections[0].footer, "RIGHT")
    _folio(document.sections[0].even_page_footer, "LEFT")
    return document


def turn(document: Written, lying: bool) -> None:
    """What follows stands on new pages, lying or upright."""
    _lay(document.add_section(WD_SECTION.NEW_PAGE), lying)


def _lay(section: Any, lying: bool) -> None:
    short, long = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if lying else (short, long)
    margins = (28, 26, 35, 37) if lying else (37, 35, 28, 26)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, margins)
    section.footer_distance = Mm(14 if lying else 23)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(PITCH * 20)))


def _style(document: Written, name: str, look: Look) -> None:
    styles = document.styles
    style: Any = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name != "Normal":
        style.base_style = None
        style.quick_style = True
    _letters(style, look.font, look.points)
    _unframed(style)
    layout = style.paragraph_format
    layout.alignment = getattr(WD_ALIGN_PARAGRAPH, look.align)
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY if look.pitch else WD_LINE_SPACING.SINGLE
    if look.pitch:
        layout.line_spacing = Pt(look.pitch)
    layout.keep_with_next = name.startswith("Heading")
    layout.widow_control = True
    if look.on_grid:
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), str(CLOSER))
        style.element.rPr.insert_element_before(closer, "w:sz")
    else:
        snap = OxmlElement("w:snapToGrid")
        snap.set(qn("w:val"), "0")
        style.element.get_or_add_pPr().insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(look.first))
    indent.set(qn("w:firstLine"), str(round(look.first / 100 * look.points * 20)))
    for side, characters in (("left", look.sides), ("right", look.right + look.sides)):
        indent.set(qn(f"w:{side}Chars"), str(characters))
        indent.set(qn(f"w:{side}"), str(round(characters / 100 * look.points * 20)))


def _letters(style: Any, font: str, points: float | None) -> None:
    """One font for Chinese and Latin letters; colour, theme font and bold of Word's own template go."""
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    style.font.name = font
    properties.rFonts.set(qn("w:eastAsia"), font)
    if points:
        style.font.size = Pt(points)


def _unframed(style: Any) -> None:
    """Without the line that Word's template draws under a title."""
    properties = style.element.get_or_add_pPr()
    for name in ("w:pBdr", "w:contextualSpacing"):
        for found in properties.findall(qn(name)):
            properties.remove(found)


def _red_head(document: Written) -> None:
    head, under = document.styles["公文版头"], document.styles["公文版头信息"]
    head.font.color.rgb = RED
    under.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(16), WD_TAB_ALIGNMENT.RIGHT)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for key, value in {"val": "single", "sz": "18", "space": "4", "color": str(RED)}.items():
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    properties = under.element.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def _folio(footer: Any, align: str) -> None:
    """— 1 —, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.style = "公文页码"
    line.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
    line.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)
    line.add_run(" —")
