"""A Word file that somebody sends is read apart; one that is broken, or made to do harm, is refused in words."""

import io
import os
import zipfile

import docx
import pytest

from qushu.kernel.errors import Refused
from qushu.reports import editing
from qushu.reports.editing import reading, text_of_docx, words_of_docx


def written(words: str = "x") -> bytes:
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(words)
    document.add_table(1, 1).cell(0, 0).text = "表中 12 件"
    document.save(file)
    return file.getvalue()


def changed(before: bytes, after: bytes, more: str = "") -> bytes:
    """A file whose text part has `after` for `before`, and one part more."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(written())) as plain,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in plain.namelist():
            content = plain.read(part)
            packed.writestr(part, content.replace(before, after) if part == "word/document.xml" else content)
        if more:
            packed.writestr(more, b"x")
    return file.getvalue()


def test_the_words_of_paragraphs_and_tables_are_read() -> None:
    assert text_of_docx(written("4月受理12件")).split() == ["4月受理12件", "表中", "12", "件"]
    assert text_of_docx(written()) == words_of_docx(written())


def test_it_is_another_process_that_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "words_of_docx", lambda data: str(os.getpid()))
    assert list(reading(written())) == [str(os.getpid())]
    assert "表中" in text_of_docx(written())


ENTITIES = "".join(f'<!ENTITY {chr(98 + one)} "{f"&{chr(97 + one)};" * 10}">' for one in range(9))
BOMB = f'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'.encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "不是可以打开的"),
        (b"%PDF-1.7", "不是可以打开的"),
        (written()[:900], "不是可以打开的"),
        (changed(b"<w:t>x</w:t>", b"<w:t>x"), "不是可以打开的"),
        (changed(b"<w:t>x", BOMB + b"<w:t>&k;"), "不是可以打开的"),
        (changed(b"", b"", "word/vbaProject.bin"), "宏"),
    ],
    ids=["empty", "another format", "cut off", "broken inside", "entities in entities", "macros"],
)
def test_a_file_that_is_none_or_does_harm_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=f"{said}.*没有保存") as refused:
        text_of_docx(data)
    assert refused.value.field == "file"


def test_a_small_file_that_unpacks_to_a_desert_is_refused() -> None:
    file = io.BytesIO(written())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("word/media/x", "w") as part:
        for _ in range(201):
            part.write(bytes(1 << 20))
    assert len(file.getvalue()) < 1 << 20
    with pytest.raises(Refused, match="过大.*没有保存"):
        text_of_docx(file.getvalue())


def test_one_that_would_be_read_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "SECONDS", 2)
    many = changed(b"<w:t>x</w:t>", b"<w:t>x</w:t></w:r></w:p>" + b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 1_500_000 + b"<w:p><w:r>")  # fmt: skip
    with pytest.raises(Refused, match="要读很久.*没有保存"):
        text_of_docx(many)
