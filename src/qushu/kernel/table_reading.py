"""Tables that come in: CSV, TSV, XLSX, JSON and JSON lines, packed with gzip or not, in UTF-8, UTF-16 or GB 18030.

Delimited text and JSON lines are read as a stream; a workbook and a JSON array are held in memory, up to a limit.
"""

import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final

from .delimited import NOT_TEXT, read_rows
from .errors import BadTable
from .text import tidy_line
from .workbook import cells_of

__all__ = ["BadRow", "BadTable", "Row", "read_table"]

Row = dict[str, Any]
BadRow = Callable[[int, str], None]

_HEAD: Final = 1 << 20
_PIECE: Final = 1 << 16
_MOST_COLUMNS: Final = 1000
_MOST_IN_MEMORY: Final = 512 << 20
_DELIMITERS: Final = ",\t;|"
_BROKEN = (EOFError, OSError, zlib.error)


def read_table(
    source: Path | str | BinaryIO, name: str = "", bad_row: BadRow | None = None
) -> Iterator[tuple[int, Row]]:
    """The rows of a table as (line in the file, {heading: value}), in order; blank rows are passed over.

    ``source``: a path, or a seekable file opened for bytes with its ``name``, by whose ending the kind is known (else by
    its first bytes). Text files give text; workbooks give text, int, float, bool, date and datetime; JSON what it holds.
    In a JSON array the line is the place of the object. A row that can't be read is told to ``bad_row`` (line, why) and
    passed over; without it BadTable is raised, as it is for whatever spoils the whole file: a broken archive, no
    headings, a heading twice. Which rows of delimited text are broken, and what is kept around them: `delimited`.
    """
    with ExitStack() as stack:
        if isinstance(source, Path | str):
            name = name or Path(source).name
            source = stack.enter_context(_opened(Path(source)))
        yield from _read(source, name.lower(), bad_row or _raise)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise BadTable(f"打不开文件 {path.name}：{error.strerror}") from error


def _raise(line: int, why: str) -> None:
    raise BadTable(why, line)


def _read(file: BinaryIO, name: str, bad_row: BadRow) -> Iterator[tuple[int, Row]]:
    start = _start(file, 8)
    if start.startswith(b"\x1f\x8b"):
        unpacked: Any = gzip.GzipFile(fileobj=file)
        yield from _read(unpacked, name.removesuffix(".gz"), bad_row)
    elif name.endswith(".gz"):
        raise BadTable("文件名以 .gz 结尾，内容却不是 gzip 压缩文件，请检查文件是否完整")
    elif name.endswith((".xlsx", ".xlsm", ".xls", ".ods")) or start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        yield from _read_workbook(file, bad_row)
    else:
        lines = _Lines(file)
        kind = name.rpartition(".")[2]
        if kind in ("jsonl", "ndjson") or (kind != "json" and lines.head.lstrip().startswith("{")):
            yield from _read_json_lines(lines, bad_row)
        elif kind == "json" or (kind not in ("csv", "tsv", "txt") and lines.head.lstrip().startswith("[")):
            yield from _read_json(lines, bad_row)
        else:
            yield from _read_delimited(lines, kind, bad_row)


def _start(file: BinaryIO, size: int) -> bytes:
    """The first bytes of a file, as far as they can be read; the file is at its beginning afterwards."""
    file.seek(0)
    pieces: list[bytes] = []
    try:
        while size > 0 and (piece := file.read(min(size, _PIECE))):
            pieces.append(piece)
            size -= len(piece)
    except _BROKEN:
        pass  # it breaks again where it's read, and there the line is known
    file.seek(0)
    return b"".join(pieces)


class _Lines(Iterator[str]):
    """The lines of a file as text, counted. A line that isn't text raises, and the next can be read nevertheless."""

    def __init__(self, file: BinaryIO) -> None:
        start = _start(file, _HEAD)
        self.encoding = _encoding(start)
        self.head = start.decode(self.encoding, "replace").removeprefix("\ufeff")
        if self.encoding == "utf-16":  # its line ends aren't single bytes
            self._lines: Iterator[bytes] = (line.encode() for line in io.TextIOWrapper(file, "utf-16", newline=""))
            self.encoding = "utf-8"
        else:
            self._lines = iter(file)
        self.count = 0

    def __next__(self) -> str:
        self.count += 1
        try:
            line = next(self._lines)
        except StopIteration:
            self.count -= 1
            raise
        except _BROKEN as error:
            raise BadTable("文件到这里中断或损坏，请重新获取完整的文件", self.count) from error
        except UnicodeDecodeError as error:
            raise BadTable("文字编码无法识别，请另存为 UTF-8 后再试", self.count) from error
        text = line.decode(self.encoding)
        return text.removeprefix("\ufeff") if self.count == 1 else text


def _encoding(start: bytes) -> str:
    """UTF-16 by its mark; else UTF-8, unless a third of the letters beyond ASCII break with it: then GB 18030."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(start)
    other = len(text) - len(re.sub(r"[^\x00-\x7f]", "", text))
    return "utf-8" if text.count("\ufffd") * 3 <= other else "gb18030"


def _read_delimited(lines: _Lines, kind: str, bad_row: BadRow) -> Iterator[tuple[int, Row]]:
    delimiter = "\t" if kind == "tsv" else _delimiter(lines.head)
    yield from _rows(read_rows(lines, delimiter, bad_row), bad_row)


def _delimiter(head: str) -> str:
    first = next((line for line in head.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)  # a comma when there is none


def _rows(cells: Iterator[tuple[int, Sequence[Any]]], bad_row: BadRow) -> Iterator[tuple[int, Row]]:
    """Rows under the headings, which are the first row that isn't blank."""
    headings: list[str] = []
    for line, row in cells:
        if all(cell == "" or cell is None for cell in row):
            continue
        if not headings:
            headings = _headings(line, row)
            continue
        if len(row) > len(headings) and any(cell != "" for cell in row[len(headings) :]):
            bad_row(line, f"有 {len(row)} 列，表头只有 {len(headings)} 列，可能是内容里的分隔符没有加引号")
            continue
        missing = [""] * (len(headings) - len(row))
        yield line, dict(zip(headings, [*row, *missing], strict=False))
    if not headings:
        raise BadTable("文件是空的，没有表头")


def _headings(line: int, row: Sequence[Any]) -> list[str]:
    names = [tidy_line(str(cell)) for cell in row]
    while names and not names[-1]:
        names.pop()
    if len(names) > _MOST_COLUMNS:
        raise BadTable(f"有 {len(names)} 列，最多 {_MOST_COLUMNS} 列", line)
    names = [name or f"列{place}" for place, name in enumerate(names, start=1)]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise BadTable(f"列名“{twice}”出现了两次，请改名后再试", line)
    return names


def _read_workbook(file: BinaryIO, bad_row: BadRow) -> Iterator[tuple[int, Row]]:
    """The first sheet. A title over the table, alone in its row, isn't taken for headings."""
    yield from _rows(_without_title(cells_of(file, _MOST_IN_MEMORY)), bad_row)


def _without_title(cells: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    narrow: list[tuple[int, list[Any]]] = []
    for one in cells:
        if sum(cell != "" for cell in one[1]) > 1:
            yield one
            yield from cells
            return
        narrow.append(one)
    yield from narrow  # a table of one column


def _read_json(lines: _Lines, bad_row: BadRow) -> Iterator[tuple[int, Row]]:
    """An array of objects, or an object with one array in it."""
    pieces, size = [], 0
    for line in _whole(lines):
        pieces.append(line)
        size += len(line)
        if size > _MOST_IN_MEMORY:
            raise BadTable(f"JSON 文件超过 {_MOST_IN_MEMORY >> 20} MB，请改用每行一个对象的 jsonl 文件")
    try:
        found = json.loads("".join(pieces))
    except (ValueError, RecursionError) as error:
        raise BadTable("不是正确的 JSON", getattr(error, "lineno", None)) from error
    if isinstance(found, dict):
        arrays = [value for value in found.values() if isinstance(value, list)]
        found = arrays[0] if len(arrays) == 1 else None
    if not isinstance(found, list):
        raise BadTable("JSON 应当是由对象组成的数组")
    for place, row in enumerate(found, start=1):
        if isinstance(row, dict):
            yield place, row
        else:
            bad_row(place, "不是一个 JSON 对象")


def _whole(lines: _Lines) -> Iterator[str]:
    try:
        yield from lines
    except UnicodeDecodeError as error:
        raise BadTable(NOT_TEXT, lines.count) from error


def _read_json_lines(lines: _Lines, bad_row: BadRow) -> Iterator[tuple[int, Row]]:
    while True:
        try:
            text = next(lines)
            row = json.loads(text) if text.strip() else None
        except StopIteration:
            return
        except UnicodeDecodeError:
            bad_row(lines.count, NOT_TEXT)
            continue
        except (ValueError, RecursionError):
            bad_row(lines.count, "不是正确的 JSON")
            continue
        if isinstance(row, dict):
            yield lines.count, row
        elif row is not None or text.strip():
            bad_row(lines.count, "不是一个 JSON 对象")
