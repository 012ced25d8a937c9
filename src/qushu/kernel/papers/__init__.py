"""Official documents in one way: what a paper says is data, and two writers put it on A4 by GB/T 9704-2012 (公文格式).

    from qushu.kernel.papers import Column, Heading, Paper, Paragraph, Signature, Table, write_docx, write_pdf

    paper = Paper(
        title="2026年10月市民热线运行情况月报",
        unit="汉阳区大数据中心",
        day=date(2026, 11, 3),
        number="〔2026〕第10期",
        blocks=(
            Heading("总体情况"),                        # 一、总体情况: the writers number headings, tables and figures
            Paragraph("10月共受理诉求13,204件。"),
            Table(
                columns=(Column(3), Column(1, "right"), Column(1, "right")),   # widths are shares of the line
                head=((Cell("街道", down=2), Cell("受理量", across=2)), ("本月", "上月")),
                rows=(("晴川街道", "1,204", "1,100"),),
                caption="各街道受理量",                  # 表1　各街道受理量
            ),
            Signature("汉阳区大数据中心", date(2026, 11, 3), seal=True),
        ),
    )
    write_pdf(paper)     # bytes; fonts inside, only the characters used
    write_docx(paper)    # bytes; Word's own styles, tables and page-number fields, to be edited by people

Text is data in both: a `#`, `<` or `=` in it is shown, never obeyed. `svg_to_png` draws a figure for whoever needs a
picture. Fonts: 仿宋, 楷体, 黑体 and 小标宋 are taken from the folders of QUSHU_FONTS (default: `fonts` in the home folder)
and from the machine; where there are none, the free Noto fonts stand in. Letters in a figure's SVG: FIGURE_LETTERS.
"""

from .fonts import FIGURE_LETTERS, svg_to_png
from .model import (
    Block,
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
    day_in_words,
)
from .pdf import write_pdf
from .word import write_docx

__all__ = [
    "FIGURE_LETTERS",
    "Block",
    "Cell",
    "Column",
    "Figure",
    "Heading",
    "Note",
    "PageBreak",
    "Paper",
    "Paragraph",
    "Signature",
    "Table",
    "Wide",
    "day_in_words",
    "svg_to_png",
    "write_docx",
    "write_pdf",
]
