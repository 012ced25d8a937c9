"""A disclosure from the files centres publish: text, PDF with text, DOCX.

A file is read apart (`kernel/apart.py`): one that is made to fill the memory or never to end is refused like any other that
can't be read.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qushu.kernel.apart import TooMuch, apart

from ..checking.rules import Disagreement, disagreements
from .document import LARGEST, BadDocument, read_document
from .parts import Document
from .ruled import words_of

if TYPE_CHECKING:
    from docx.document import Document as OpenDocx
    from docx.table import _Cell

MOST_PAGES = 1_000
"""The longest disclosure seen has 52 pages; a district's whole budget a few hundred."""

LARGEST_FILE = 50_000_000
LARGEST_UNPACKED = 100_000_000
SECONDS = 30
"""Of processor time; the real disclosure takes a quarter of a second, twenty of its size a second."""

Read = tuple[str, Document, list[Disagreement]]
_TOO_LONG = f"文件超过 {LARGEST:,} 个字，不像一份部门预算。什么也没有导入。"
_TOO_MANY = "文件有 {pages:,} 页，超过 {most:,} 页，不像一份部门预算。什么也没有导入。"


def read_file(path: Path, name: str = "") -> Read:
    """The words of a file, what was read from them, and what of it doesn't agree. Raises BadDocument, which calls it `name`."""
    name = name or path.name
    try:
        (read,) = apart(f"{__name__}:reading", path, name, seconds=SECONDS)
    except TooMuch as stopped:
        raise BadDocument(
            f"“{name}”展开后太大，或者要读很久，不像一份部门预算；读到一半停了下来。什么也没有导入；"
            "请核对是不是这份文件，或另存为文字再试。"
        ) from stopped
    return read


def reading(path: Path, name: str) -> Iterator[Read]:
    """What `read_file` does in the other process."""
    text = text_of(path, name).replace("\x00", "")
    document = read_document(text)
    yield text, document, disagreements(document)


def checked_again(text: str, name: str) -> list[Disagreement]:
    """What doesn't agree of a text that was read before, by today's rules. Raises BadDocument when it can't be read any more."""
    try:
        (found,) = apart(f"{__name__}:checking", text, seconds=SECONDS)
    except TooMuch as stopped:
        raise BadDocument(f"“{name}”核对了很久，停了下来。原来的核对结果没有改变。") from stopped
    return found


def checking(text: str) -> Iterator[list[Disagreement]]:
    """What `checked_again` does in the other process."""
    yield disagreements(read_document(text))


def text_of(path: Path, name: str = "") -> str:
    """The words of a .txt, .pdf or .docx file, a line per line. Raises BadDocument for what has none or is broken."""
    name, size = name or path.name, path.stat().st_size
    if size > LARGEST_FILE:
        raise BadDocument(f"文件有 {size / 1e6:.0f} MB，超过 {LARGEST_FILE / 1e6:.0f} MB。什么也没有导入。")
    read = {".txt": _of_text, ".pdf": _of_pdf, ".docx": _of_docx}.get(path.suffix.lower())
    if read is None:
        raise BadDocument(f"“{name}”不是 .txt、.pdf 或 .docx 文件。什么也没有导入；可以另存为其中一种再试。")
    text = read(path, name)
    if not text.strip():
        raise BadDocument(f"“{name}”里没有文字（可能全是图片）。什么也没有导入；请用文字版，或先做文字识别。")
    return text


def _of_text(path: Path, name: str) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadDocument(f"“{name}”不是 UTF-8 或 GB 18030 编码的文字。什么也没有导入。")


def _of_pdf(path: Path, name: str) -> str:
    from pypdf import PdfReader  # only who reads a PDF needs it
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(path).pages
        if len(pages) > MOST_PAGES:
            raise BadDocument(_TOO_MANY.format(pages=len(pages), most=MOST_PAGES))
        return "\f".join(map(words_of, pages))
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, IndexError, RecursionError) as broken:
        raise BadDocument(
            f"“{name}”不是完好的 PDF，或其中一页展开后过大。什么也没有导入；请重新下载或另存后再试。"
        ) from broken


def _of_docx(path: Path, name: str) -> str:
    from docx import Document as open_docx  # only who reads a DOCX needs it
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        _check_unpacked_size(path, name)
        lines: list[str] = []
        length = 0
        for line in _lines_of(open_docx(str(path))):
            lines.append(line)
            length += len(line)
            if length > LARGEST:
                raise BadDocument(_TOO_LONG)
        return "\n".join(lines)
    except (PackageNotFoundError, zipfile.BadZipFile, LxmlError, KeyError, ValueError, OSError) as broken:
        raise BadDocument(f"“{name}”不是完好的 DOCX，或展开后过大。什么也没有导入；请另存后再试。") from broken


def _lines_of(holds: "OpenDocx | _Cell") -> Iterator[str]:
    """Paragraphs and cells in their order; a cell over several columns or rows is said once, where it begins."""
    from docx.table import Table

    for block in holds.iter_inner_content():
        if not isinstance(block, Table):
            yield block.text
            continue
        said = set()
        for row in block.rows:
            for cell in row.cells:
                if cell._tc not in said:
                    said.add(cell._tc)
                    yield from _lines_of(cell)


def _check_unpacked_size(path: Path, name: str) -> None:
    with zipfile.ZipFile(path) as packed:
        unpacked = sum(entry.file_size for entry in packed.infolist())
    if unpacked > LARGEST_UNPACKED:
        raise BadDocument(f"“{name}”解开后有 {unpacked / 1e6:.0f} MB，不像一份部门预算。什么也没有导入。")
