"""Spreadsheets that come in: every cell as text, no formulas, declared columns. Broken ones are refused as a whole."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from qushu.kernel.errors import Refused
from qushu.kernel.table_reading import BadTable, read_table

Cells = dict[str, str]
MOST_ROWS = 20_000
LARGEST_FILE = 20_000_000
LARGEST_SHEETS = 60_000_000
"""Bytes when unpacked: MOST_ROWS rows take a third of it."""

ACTIVE = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""With these a spreadsheet begins a formula; our own exports put an apostrophe before them."""

_NUMBER = re.compile(r"-?[\d,]*\.?\d+")
_FORMULA = re.compile(rb"<(?!xm:)(?:\w+:)?f[\s>/]")
"""A cell's formula; those of lists to choose from (`xm:f`) compute nothing."""
_CELL = re.compile(rb"""\br=["']([A-Z]+\d+)["']""")
NOTHING = "什么也没有导入。"


def read_cells(name: str, file: BinaryIO, columns: Sequence[str]) -> list[tuple[int, Cells]]:
    """The rows as (line, {column: text}); the file may have its columns in any order, and more of them.

    Raises BadTable (a Refused): not a table, columns missing, formulas, too long. Nothing of it is used then, and it says so.
    """
    try:
        return _read(name, file, columns)
    except BadTable as bad:
        raise bad if NOTHING in bad.message else BadTable(f"{bad.message}。{NOTHING}") from bad


def _read(name: str, file: BinaryIO, columns: Sequence[str]) -> list[tuple[int, Cells]]:
    file.seek(0, 2)
    if file.tell() > LARGEST_FILE:
        raise BadTable(f"文件超过 {LARGEST_FILE // 1_000_000} MB，请分开导入。{NOTHING}")
    _refuse_formulas(file)
    rows = list(_rows(name, file))
    if not rows:
        raise BadTable(f"文件里没有数据行。第一行是列名，数据从第二行起。{NOTHING}")
    lacking = [column for column in columns if column not in rows[0][1]]
    if lacking:
        raise BadTable(
            f"缺少列：{'、'.join(lacking)}。{_other_unit(lacking, rows[0][1])}请下载样表，按样表的列名填写。{NOTHING}"
        )
    return rows


def _rows(name: str, file: BinaryIO) -> Iterator[tuple[int, Cells]]:
    for count, (line, row) in enumerate(read_table(file, name), start=1):
        if count > MOST_ROWS:
            raise BadTable(f"文件超过 {MOST_ROWS} 行，请分开导入。{NOTHING}")
        yield line, {str(column).strip(): _text(cell, line) for column, cell in row.items()}


def _other_unit(lacking: Sequence[str], there: Cells) -> str:
    """Says so where a column of 元 is there in 万元."""
    other = [name for name in lacking if name.replace("（元）", "（万元）") in there and "（元）" in name]
    return f"文件里是万元：请把金额乘以 10000，列名写{'、'.join(other)}。" if other else ""


def _refuse_formulas(file: BinaryIO) -> None:
    """A workbook may hold formulas whose kept results are anything: it must be pasted as values first."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            sheets = [one for one in packed.infolist() if one.filename.startswith("xl/worksheets/")]
            if sum(one.file_size for one in sheets) > LARGEST_SHEETS:
                raise BadTable(f"工作表展开后超过 {LARGEST_SHEETS // 1_000_000} MB，请分开导入。{NOTHING}")
            for sheet in sheets:
                content = packed.read(sheet)
                if found := _FORMULA.search(content):
                    cells = _CELL.findall(content, 0, found.start())
                    where = cells[-1].decode() if cells else ""
                    raise BadTable(f"单元格 {where} 是公式，请把全表粘贴为数值后再导入。{NOTHING}")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        pass  # no workbook, or a broken one: read_table says what it is
    file.seek(0)


def _text(cell: Any, line: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    if text.startswith("'") and text[1:].startswith(ACTIVE):
        return text[1:]
    if text.startswith(ACTIVE) and not _NUMBER.fullmatch(text):
        raise BadTable(f"“{text[:30]}”像公式，请改为文字或数值后再导入。{NOTHING}", line)
    return text


def amount_of(text: str, column: str) -> Decimal:
    """An amount in 元, with at most two decimals and commas between thousands. Raises Refused."""
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise Refused(f"{column}“{text[:30]}”不是金额。", field=column) from None
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")) or abs(amount) >= Decimal(10) ** 15:
        raise Refused(f"{column}“{text[:30]}”不是到分的金额。", field=column)
    return amount.quantize(Decimal("0.01"))


def day_of(text: str, column: str) -> date:
    """A day written 2024-03-31, 2024/3/31 or 2024年3月31日. Raises Refused."""
    parts = re.fullmatch(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?", text)
    try:
        return date(*(int(part) for part in parts.groups())) if parts else date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{column}“{text[:30]}”不是日期，要写成 2024-03-31 的样子。", field=column) from None


def code_of(words: dict[str, str], text: str, column: str) -> str:
    """The code of a word from a list, or the code itself; empty stays empty. Raises Refused."""
    if not text or text in words:
        return text
    found = next((code for code, word in words.items() if word == text), None)
    if found is None:
        raise Refused(f"{column}“{text[:30]}”不在列表里（{'、'.join(words.values())}）。", field=column)
    return found
