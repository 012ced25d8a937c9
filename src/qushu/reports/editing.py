"""What people made of a report in Word: its text, and numbers that no figure of the snapshot has. Slow to import."""

import io
import re
from collections.abc import Iterable, Iterator
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import LxmlError

from qushu.kernel.apart import TooMuch, apart
from qushu.kernel.errors import Refused

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")
MOST_UNPACKED = 200 << 20
SECONDS = 30
"""Of processor time; a year's report takes half a second."""


def text_of_docx(data: bytes) -> str:
    """All words of a Word file that somebody sent, read apart. Raises Refused when it is none, carries macros, or is made to do harm."""
    try:
        (text,) = apart(f"{__name__}:reading", data, seconds=SECONDS)
    except TooMuch as stopped:
        raise Refused(
            "文件展开后太大，或者要读很久，读到一半停了下来。没有保存；请用 Word 或 WPS 另存后再上传。", field="file"
        ) from stopped
    return text


def reading(data: bytes) -> Iterator[str]:
    """What `text_of_docx` does in the other process."""
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if any(name.endswith("vbaProject.bin") for name in names):
                raise Refused("文件带有宏。没有保存；请另存为不带宏的 .docx 再上传。", field="file")
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise Refused("文件解开后过大。没有保存。", field="file")
        yield words_of_docx(data)
    except (BadZipFile, PackageNotFoundError, LxmlError, KeyError, ValueError, OSError) as error:
        raise Refused("这不是可以打开的 .docx 文件。没有保存；请用 Word 或 WPS 另存后再上传。", field="file") from error


def words_of_docx(data: bytes) -> str:
    """All words of a Word file of our own: paragraphs and tables."""
    document = Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def new_numbers(ours: Iterable[str], theirs: str) -> list[str]:
    """Numbers in their text that stand nowhere in ours: a person looks at each before signing."""
    known = {found for one in ours for found in NUMBER.findall(one)}
    return list(dict.fromkeys(found for found in NUMBER.findall(theirs) if found not in known))
