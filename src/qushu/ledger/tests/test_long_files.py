"""A file that is far too long is refused before it is read."""

from pathlib import Path

import pytest

from qushu.ledger.reading.document import BadDocument
from qushu.ledger.reading.files import text_of


def pdf_of(pages: int) -> bytes:
    """A valid PDF with so many empty pages."""
    kids = " ".join(f"{number} 0 R" for number in range(3, pages + 3))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * pages
    body, places = b"%PDF-1.7\n", []
    parts = [body]
    length = len(body)
    for number, words in enumerate(objects, start=1):
        part = f"{number} 0 obj\n{words}\nendobj\n".encode()
        places.append(length)
        parts.append(part)
        length += len(part)
    lines = "".join(f"{place:010} 00000 n \n" for place in places)
    parts.append(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{lines}".encode())
    parts.append(f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{length}\n%%EOF\n".encode())
    return b"".join(parts)


def test_ten_thousand_pages_are_no_budget(tmp_path: Path) -> None:
    path = tmp_path / "长.pdf"
    path.write_bytes(pdf_of(10_000))
    with pytest.raises(BadDocument, match="10,000 页.*什么也没有导入"):
        text_of(path)


def test_a_file_of_few_pages_is_read_and_found_empty(tmp_path: Path) -> None:
    path = tmp_path / "短.pdf"
    path.write_bytes(pdf_of(3))
    with pytest.raises(BadDocument, match="没有文字"):
        text_of(path)
