"""Rows of delimited text (CSV, TSV) in which some rows are broken: the good ones around them are kept.

The rule. A row is one line, or several when a quoted cell holds line breaks. It is broken when its quotes don't pair, when
a line of it isn't text, or when it spans several lines and yet isn't exactly a row of this table: every cell of such a row
is quoted as a whole or holds no quote (RFC 4180), and there are as many cells as headings. So a quote that somebody forgot
to close, which by chance is closed by the first quote of a later row, doesn't make one row of many.

After a broken row reading goes on at the first line after the row's first one that begins a row with as many cells as
headings. What lies between is taken for the rest of the broken cell: it belongs to the refused row and is told with it. A
short row right behind a broken one is therefore refused with it; anywhere else a short row is filled.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .errors import BadTable

BROKEN_QUOTES = "引号没有成对，或格子过长"
NOT_TEXT = "有无法识别的字符，请检查文件编码"


@dataclass
class _Broken:
    """A row that can't be read: its first line, and why."""

    line: int
    why: str


class _Feed(Iterator[str]):
    """Lines for the reader, of which those after the first one of a row can be given back.

    A line that can't be read is kept as its error and raised in its turn.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._ahead: deque[str | Exception] = deque()
        self._taken: list[str | Exception] = []
        self.count = 0

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else self._read()
        self.count += 1
        self._taken.append(line)
        if isinstance(line, Exception):
            raise line
        return line

    def begin(self) -> int:
        """A row begins here: its line, from 1."""
        self._taken = []
        return self.count + 1

    def give_back(self) -> None:
        """Let the next row begin behind the first line of this one."""
        back = self._taken[1:]
        self._ahead.extendleft(reversed(back))
        self.count -= len(back)

    @property
    def text(self) -> str:
        """The lines of this row."""
        return "".join(map(str, self._taken))

    @property
    def spans_lines(self) -> bool:
        return len(self._taken) > 1

    @property
    def begun(self) -> bool:
        """Whether the row's first line was read and is text."""
        return bool(self._taken) and not isinstance(self._taken[0], Exception)

    def _read(self) -> str | Exception:
        try:
            return next(self._lines)
        except (UnicodeDecodeError, BadTable) as error:
            return error


def read_rows(
    lines: Iterator[str], delimiter: str, bad_row: Callable[[int, str], None]
) -> Iterator[tuple[int, list[str]]]:
    """The rows as (first line, cells), the first that isn't blank being the headings; broken ones are told to ``bad_row``.

    ``lines`` keep their ends. One that raises UnicodeDecodeError spoils its row; one that raises BadTable ends the file.
    Raises BadTable when the headings are broken.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    quoted_as_a_whole = _quoted_as_a_whole(delimiter)
    width = 0
    broken: _Broken | None = None
    while (line := feed.begin()) and (read := _row(reader, feed)) is not None:
        fits = isinstance(read, list) and len(read) >= width and not any(read[width:] if width else ())
        if isinstance(read, list) and feed.spans_lines and not (fits and quoted_as_a_whole(feed.text)):
            read = BROKEN_QUOTES
        if isinstance(read, str):
            if not width:
                raise BadTable(read, line)
            feed.give_back()
            broken = broken or _Broken(line, read)
        elif fits or broken is None:
            if broken is not None:
                bad_row(broken.line, _told(broken, line - 1))
                broken = None
            width = width or _width(read)
            yield line, read
    if broken is not None:
        bad_row(broken.line, _told(broken, feed.count))


def _row(reader: Iterator[list[str]], feed: _Feed) -> list[str] | str | None:
    """The next row; why it can't be read; or None at the end."""
    try:
        return next(reader)
    except StopIteration:
        return None
    except UnicodeDecodeError:
        return NOT_TEXT
    except csv.Error as error:
        return f"{BROKEN_QUOTES}（{error}）"
    except BadTable:
        if feed.begun:
            return BROKEN_QUOTES
        raise


def _quoted_as_a_whole(delimiter: str) -> Callable[[str], object]:
    """Whether every cell of a text is quoted as a whole, or holds neither quote nor line break."""
    end = re.escape(delimiter)
    cell = rf'(?:"[^"]*(?:""[^"]*)*"|[^"{end}\r\n]*)'
    return re.compile(rf"{cell}(?:{end}{cell})*[\r\n]*").fullmatch


def _width(headings: list[str]) -> int:
    """How many cells a row of this table has; 0 for a blank row."""
    return max((place for place, name in enumerate(headings, start=1) if name.strip()), default=0)


def _told(broken: _Broken, until: int) -> str:
    swallowed = f"，到第 {until} 行为止都没有读入" if until > broken.line else ""
    return f"{broken.why}{swallowed}"
