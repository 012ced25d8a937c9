"""Papers are read back: as Word by python-docx, as PDF by pypdf."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel.papers import (
    FIGURE_LETTERS,
    Cell,
    Column,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Signature,
    Table,
    Wide,
    svg_to_png,
    write_docx,
    write_pdf,
)
from qushu.kernel.papers.model import placed
from qushu.kernel.papers.numbering import heading_number, in_chinese, numbered, writable

MM = 72 / 25.4
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="30" height="9" fill="#1f5fbf"/>'
    f'<text x="32" y="9" font-size="6" {FIGURE_LETTERS}>图中字</text></svg>'
)
NASTY = '#let x = 1 *粗* $x$ @ref <b>&amp;</b> {{ now }} \\ "引" \x07 =1+1'
PAPER = Paper(
    title="10月热线月报",
    unit="某区大数据中心",
    day=date(2026, 11, 3),
    number="第10期",
    masthead="热线工作月报",
    to="区政府办",
    blocks=(
        Heading("总体"),
        Heading("受理", 2),
        Paragraph(NASTY, lead="数量上升。"),
        Table(
            columns=(Column(3, "left"), Column(1, "right"), Column(1, "right")),
            head=((Cell("街道", down=2), Cell("受理量", across=2)), ("本月", "上月")),
            rows=[(f"第{number}街", f"{number}", "0") for number in range(40)] + [("合计", Cell("共780件", across=2))],
            caption="各街道受理量",
            unit="单位：件",
        ),
        Note("注：截至月末。"),
        Figure(SVG, "受理量", 120, "条形图：三条街"),
        PageBreak(),
        Heading("明细"),
        Wide((Table([Column()] * 8, [[str(number) for number in range(8)]], caption="宽表"),)),
        Signature("某区大数据中心", date(2026, 11, 3), seal=True, people=(("签发", "王某"),)),
    ),
)


@pytest.fixture(scope="module")
def pdf():
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(write_pdf(PAPER)))


@pytest.fixture(scope="module")
def word():
    from docx import Document

    return Document(io.BytesIO(write_docx(PAPER)))


def words_of(pdf) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def packed(text: str) -> str:
    return "".join(text.split())


def test_pdf_is_a4_and_wide_tables_lie(pdf):
    sizes = [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pdf.pages]
    assert sizes.count((595, 842)) == len(sizes) - 1
    assert sizes.count((842, 595)) == 1


def test_pdf_says_everything_with_numbers(pdf):
    words = packed(words_of(pdf))
    for said in ("热线工作月报", "第10期", "2026年11月3日", "区政府办：", "一、总体", "（一）受理", "二、明细", "表1各街道受理量",
                 "图1受理量", "表2宽表", "单位：件", "注：截至月末。", "签发：王某"):  # fmt: skip
        assert said in words, said


def test_what_looks_like_markup_stays_text(pdf, word):
    assert packed(writable(NASTY)) in packed(words_of(pdf))
    assert any(line.text == "数量上升。" + writable(NASTY) for line in word.paragraphs)


def test_every_page_has_its_number(pdf):
    for number, page in enumerate(pdf.pages, 1):
        assert f"—{number}—" in packed(page.extract_text())


def test_the_head_of_a_long_table_is_repeated(pdf):
    assert [page.extract_text().count("上月") for page in pdf.pages if "街" in page.extract_text()] == [1, 1, 1]


def test_fonts_are_inside_and_cut_down(pdf):
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts and all("+" in font["/BaseFont"] for font in fonts)
    assert pdf.metadata.title == PAPER.title and pdf.metadata.author == PAPER.unit


@pytest.mark.parametrize("together", [False, True])
def test_a_table_that_stays_together_is_on_one_page(together):
    from docx import Document
    from docx.oxml.ns import qn
    from pypdf import PdfReader

    rows = [[f"第{number}行"] for number in range(8)]
    blocks = [*(Paragraph(f"第{number}段") for number in range(16)), Table([Column()], rows, together=together)]
    paper = Paper("题", "某中心", blocks=blocks)
    last = PdfReader(io.BytesIO(write_pdf(paper))).pages[-1].extract_text()
    assert ("第0行" in packed(last)) == together and "第7行" in packed(last)
    (table,) = Document(io.BytesIO(write_docx(paper))).tables
    kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in table.rows]
    assert kept == [True] * 2 + [together] * 3 + [True] * 2 + [False]


def test_remarks_and_signature_never_stand_on_a_page_alone():
    from docx import Document
    from pypdf import PdfReader

    for lines in range(14, 24):
        blocks = [
            *(Paragraph(f"第{number}段") for number in range(lines)),
            Note("注：" + "甲" * 90),
            Signature("某中心", date(2026, 11, 3)),
        ]
        paper = Paper("题", "某中心", blocks=blocks)
        *_, last = (packed(page.extract_text()) for page in PdfReader(io.BytesIO(write_pdf(paper))).pages)
        assert f"第{lines - 1}段" in last and "2026年11月3日" in last and "注：" in last, lines
    ending = Document(io.BytesIO(write_docx(paper))).paragraphs[lines:]
    kept = [line.text for line in ending if line.paragraph_format.keep_with_next]
    assert kept == ["第22段", "注：" + "甲" * 90, "", "某中心"] and ending[-1].text == "2026年11月3日"


def test_no_page_gets_fewer_than_three_rows_of_a_table():
    from docx import Document
    from docx.oxml.ns import qn
    from pypdf import PdfReader

    for before in range(4, 20):
        table = Table([Column(), Column()], [(f"甲{number}行", "乙") for number in range(11)], [("名", "数")])
        blocks = [*(Paragraph(f"第{number}段") for number in range(before)), table]
        paper = Paper("题", "某中心", blocks=blocks)
        pages = PdfReader(io.BytesIO(write_pdf(paper))).pages
        rows = [count for page in pages if (count := packed(page.extract_text()).count("行"))]
        assert sum(rows) == 11 and min(rows) >= 3, before
    (written,) = Document(io.BytesIO(write_docx(paper))).tables
    kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in written.rows]
    assert kept == [True] * 3 + [False] * 6 + [True] * 2 + [False]


def test_text_goes_on_where_a_figure_has_no_room():
    from pypdf import PdfReader

    tall = SVG.replace("0 0 60 20", "0 0 60 40")
    blocks = [
        *(Paragraph(f"第{number}段") for number in range(14)),
        Figure(tall, "受理量"),
        *(Paragraph(f"后{number}段") for number in range(12)),
    ]
    first, second = (
        packed(page.extract_text()) for page in PdfReader(io.BytesIO(write_pdf(Paper("题", "", blocks=blocks)))).pages
    )
    assert "后0段" in first and "图1" in second and "后11段" in second
    assert second.index("图1") < second.index("后11段")
    short = [Paragraph("前段"), Figure(tall, "受理量"), Paragraph("后段")]
    (only,) = (
        packed(page.extract_text()) for page in PdfReader(io.BytesIO(write_pdf(Paper("题", "", blocks=short)))).pages
    )
    assert only.index("前段") < only.index("图1") < only.index("后段")


def test_28_characters_a_line_and_22_lines_a_page():
    from pypdf import PdfReader

    text = "".join("一二三四五六七八九十"[number % 10] for number in range(28 * 22 * 2 - 2))
    pages = PdfReader(io.BytesIO(write_pdf(Paper("", "", blocks=(PageBreak(), Paragraph(text, indent=False)))))).pages
    second = [line for line in pages[1].extract_text().splitlines() if line.strip()]
    full = [line for line in second if len(line.strip()) == 28]
    assert len(full) == 22


def test_text_keeps_to_its_margins():
    from pypdf import PdfReader

    page = PdfReader(io.BytesIO(write_pdf(Paper("", "", blocks=[Paragraph("字" * 2000)])))).pages[1]
    places: list[tuple[float, float]] = []

    def see(text, matrix, place, font, size):
        if "字" in text:
            places.append((place[4] * matrix[0] + matrix[4], place[5] * matrix[3] + matrix[5]))

    page.extract_text(visitor_text=see)
    assert min(x for x, _ in places) == pytest.approx(28 * MM, abs=1)
    tops = 842 - max(y for _, y in places)
    assert tops == pytest.approx(37 * MM + 0.88 * 16, abs=1.5)
    assert min(y for _, y in places) > 35 * MM


def test_the_same_paper_gives_the_same_bytes():
    assert write_pdf(PAPER) == write_pdf(PAPER)


def test_word_page_and_grid(word):
    from docx.oxml.ns import qn

    page = word.sections[0]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(side.mm) for side in margins] == [37, 35, 28, 26]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    grid = page._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:charSpace"))) == ("lines", None)  # LibreOffice would set 21 a line
    closer = int(word.styles["Normal"].element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 28 * (16 + closer) <= 156 * MM < 29 * (16 + closer)
    off = {style.name for style in word.styles if style.element.find(f"{qn('w:pPr')}/{qn('w:snapToGrid')}") is not None}
    assert {"公文表格", "公文注", "Caption", "Title", "公文版头信息"} <= off and "Normal" not in off
    assert [one.page_width > one.page_height for one in word.sections] == [False, True, False]


def test_word_has_real_styles(word):
    from docx.oxml.ns import qn

    normal = word.styles["Normal"]
    assert normal.font.size.pt == 16
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.05)
    styles = {line.text: line.style.name for line in word.paragraphs}
    assert styles["一、总体"] == "Heading 1" and styles["（一）受理"] == "Heading 2"
    assert styles[PAPER.title] == "Title" and styles["表1　各街道受理量"] == "Caption"


def test_word_tables_are_merged_and_repeat_their_heads(word):
    from docx.oxml.ns import qn

    table = word.tables[0]
    heads = [row for row in table.rows if row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
    assert len(heads) == 2
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc and table.cell(0, 1)._tc is table.cell(0, 2)._tc
    assert table.cell(1, 2).text == "上月" and table.cell(42, 2).text == "共780件"
    assert round(table.cell(2, 0).width / table.cell(2, 1).width) == 3


def test_word_pictures_have_words_and_pages_numbers(word):
    assert word.inline_shapes[0].width.mm == pytest.approx(120, abs=0.5)
    assert word.inline_shapes[0]._inline.docPr.get("descr") == "条形图：三条街"
    for footer in (word.sections[0].footer, word.sections[0].even_page_footer):
        assert 'w:instr="PAGE"' in footer._element.xml
    assert word.settings.odd_and_even_pages_header_footer


def test_a_picture_of_an_svg_is_a_png_of_that_width():
    from PIL import Image

    picture = Image.open(io.BytesIO(svg_to_png(SVG, 25.4, 100)))
    assert picture.format == "PNG" and picture.size == (100, 33)


@pytest.mark.parametrize("rows", [[("a",)], [("a", "b", "c")], [(Cell("a", across=3),)], [(Cell("a", down=2), "b")],
                                  [(Cell("a", down=2), "b"), ("c", "d")]])  # fmt: skip
def test_a_row_that_doesnt_fill_its_columns_is_refused(rows):
    with pytest.raises(ValueError, match="row"):
        Table([Column(), Column()], rows)


def test_a_fifth_level_is_refused():
    with pytest.raises(ValueError, match="level"):
        Heading("太深", 5)


@given(st.lists(st.integers(1, 4), max_size=6), st.integers(1, 6))
def test_cells_that_span_cover_the_grid_once(spans, width):
    row = [Cell("x", across=min(span, width)) for span in spans]
    rows, line, used = [], [], 0
    for cell in row:
        if used + cell.across > width:
            rows.append([*line, *[""] * (width - used)])
            line, used = [], 0
        line.append(cell)
        used += cell.across
    rows.append([*line, *[""] * (width - used)])
    covered = [(one.row, one.column + more) for one in placed(rows, width) for more in range(one.cell.across)]
    assert sorted(covered) == [(number, column) for number in range(len(rows)) for column in range(width)]


def test_numbers_of_headings_begin_again_below_a_new_one():
    levels = (1, 2, 2, 3, 4, 1, 2, 3)
    texts = [block.text for block in numbered(Heading("", level) for level in levels)]
    assert texts == ["一、", "（一）", "（二）", "1. ", "（1）", "二、", "（一）", "1. "]


def test_headings_in_a_wide_part_go_on_counting():
    _, wide, last = numbered([Heading("a"), Wide([Heading("b")]), Heading("c")])
    assert wide.blocks[0].text == "二、b" and last.text == "三、c"


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")])
def test_chinese_numbers(number, said):
    assert in_chinese(number) == said
    assert heading_number(1, number) == said + "、"


@given(st.text())
def test_any_text_can_be_written_as_xml(text):
    from lxml import etree

    etree.Element("a").text = writable(text)
    assert writable(writable(text)) == writable(text)
