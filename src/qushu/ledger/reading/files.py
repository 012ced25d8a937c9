"""Text of a disclosure from the files centres publish: text, PDF with text, DOCX."""

import zipfile
from pathlib import Path

from .document import BadDocument

MOST_PAGES = 1_000
"""The longest disclosure seen has 52 pages; a district's whole budget a few hundred."""

LARGEST_FILE = 50_000_000
_TOO_MANY = "文件有 {pages:,} 页，超过 {most:,} 页，不像一份部门预算。什么也没有导入。"


def text_of(path: Path) -> str:
    """The words of a .txt, .pdf or .docx file, a line per line. Raises BadDocument for what has none or is broken."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise BadDocument(f"文件有 {size / 1e6:.0f} MB，超过 {LARGEST_FILE / 1e6:.0f} MB。什么也没有导入。")
    read = {".txt": _of_text, ".pdf": _of_pdf, ".docx": _of_docx}.get(path.suffix.lower())
    if read is None:
        raise BadDocument(f"“{path.name}”不是 .txt、.pdf 或 .docx 文件。什么也没有导入；可以另存为其中一种再试。")
    text = read(path)
    if not text.strip():
        raise BadDocument(f"“{path.name}”里没有文字（可能全是图片）。什么也没有导入；请用文字版，或先做文字识别。")
    return text


def _of_text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadDocument(f"“{path.name}”不是 UTF-8 或 GB 18030 编码的文字。什么也没有导入。")


def _of_pdf(path: Path) -> str:
    from pypdf import PdfReader  # only who reads a PDF needs it
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(path).pages
        if len(pages) > MOST_PAGES:
            raise BadDocument(_TOO_MANY.format(pages=len(pages), most=MOST_PAGES))
        return "\f".join(page.extract_text() for page in pages)
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, IndexError, RecursionError) as broken:
        raise BadDocument(
            f"“{path.name}”不是完好的 PDF：{broken}。什么也没有导入；请重新下载或另存后再试。"
        ) from broken


def _of_docx(path: Path) -> str:
    from docx import Document as open_docx  # only who reads a DOCX needs it
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        _check_unpacked_size(path)
        lines: list[str] = []
        for block in open_docx(str(path)).iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    seen: list[object] = []
                    for cell in row.cells:
                        if cell._tc not in seen:  # a merged cell is named once for each of its columns
                            seen.append(cell._tc)
                            lines.append(cell.text)
            else:
                lines.append(block.text)
        return "\n".join(lines)
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError) as broken:
        raise BadDocument(f"“{path.name}”不是完好的 DOCX。什么也没有导入；请另存后再试。") from broken


def _check_unpacked_size(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        unpacked = sum(entry.file_size for entry in packed.infolist())
    if unpacked > 20 * LARGEST_FILE:
        raise BadDocument(f"“{path.name}”解开后有 {unpacked / 1e6:.0f} MB，不像一份部门预算。什么也没有导入。")
