"""What people made of a report in Word: its text, and numbers that no figure of the snapshot has. Slow to import."""

import io
import re
from collections.abc import Iterable
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from qushu.kernel.errors import Refused

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")
MOST_UNPACKED = 200 << 20


def text_of_docx(data: bytes) -> str:
    """All words of a Word file: paragraphs and tables. Raises Refused when it is none, or carries macros."""
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if any(name.endswith("vbaProject.bin") for name in names):
                raise Refused("文件带有宏。没有保存；请另存为不带宏的 .docx 再上传。", field="file")
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise Refused("文件解开后过大。没有保存。", field="file")
        document = Document(io.BytesIO(data))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise Refused("这不是可以打开的 .docx 文件。没有保存；请用 Word 或 WPS 另存后再上传。", field="file") from error
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def new_numbers(ours: Iterable[str], theirs: str) -> list[str]:
    """Numbers in their text that stand nowhere in ours: a person looks at each before signing."""
    known = {found for one in ours for found in NUMBER.findall(one)}
    return list(dict.fromkeys(found for found in NUMBER.findall(theirs) if found not in known))
