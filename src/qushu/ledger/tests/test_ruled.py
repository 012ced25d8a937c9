"""Cells of a PDF's tables are read row by row, wherever and in whatever order their words were drawn."""

import pytest
from pypdf import PageObject
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from qushu.ledger.reading.ruled import words_of

WORDS = {"goal": (20, 145), "one": (120, 170), "two": (120, 120), "title": (20, 230), "below": (20, 60)}
"""A cell over two rows, its words in their middle, beside two cells; a title above the table, a line below it."""
FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}
AS_READ = ["title", "goal", "one", "two", "below"]
ACROSS = [(10, 200, 200), (100, 150, 200), (10, 100, 200)]
UPRIGHT = [(10, 100, 200), (100, 100, 200), (200, 100, 200)]


def stroked() -> str:
    lines = [f"{x} {y} m {to} {y} l S" for x, y, to in ACROSS]
    return "\n".join(lines + [f"{x} {y} m {x} {to} l S" for x, y, to in UPRIGHT])


def filled() -> str:
    """As word processors draw borders: thin shapes, on a page with a background and clipped."""
    lines = [f"{x} {y} {to - x} 0.5 re f" for x, y, to in ACROSS]
    lines += [f"{x} {y} 0.5 {to - y} re f*" for x, y, to in UPRIGHT]
    return "\n".join(["0 0 300 300 re f", "12 60 250 200 re W n", *lines])


def boxes() -> str:
    return "\n".join(f"{box} re S" for box in ("10 100 90 100", "100 150 100 50", "100 100 100 50"))


def written(order: list[str]) -> str:
    return "\n".join(f"BT /F 8 Tf {x} {y} Td ({word}) Tj ET" for word in order for x, y in [WORDS[word]])


TURNS = {0: "1 0 0 1 0 0", 90: "0 1 -1 0 300 0", 270: "0 -1 1 0 0 300"}


def page_of(content: str, turned: int = 0) -> PageObject:
    """A page of 300 by 300 points; on a turned one all is drawn so that it stands upright when the page is shown."""
    page = PageObject.create_blank_page(None, 300, 300)
    font = {NameObject(f"/{name}"): NameObject(f"/{word}") for name, word in FONT.items()}
    fonts = DictionaryObject({NameObject("/F"): DictionaryObject(font)})
    stream = DecodedStreamObject()
    stream.set_data(f"q {TURNS[turned]} cm {content} Q".encode())
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = stream
    page[NameObject("/Rotate")] = NumberObject(turned)
    return page


@pytest.mark.parametrize("turned", [0, 90, 270])
@pytest.mark.parametrize("rules", [stroked, filled, boxes])
def test_a_cell_over_two_rows_comes_where_it_begins(rules, turned: int) -> None:  # type: ignore[no-untyped-def]
    drawn = f"{rules()}\n{written(['below', 'one', 'goal', 'two', 'title'])}"
    assert words_of(page_of(drawn, turned)).split() == AS_READ


def test_a_page_without_a_table_is_read_as_it_was_drawn() -> None:
    page = page_of(f"0 0 300 300 re f 10 200 m 200 200 l S {written(['two', 'one', 'goal'])}")
    assert words_of(page) == page.extract_text()
    assert words_of(page).split() == ["two", "one", "goal"]


def test_lines_outside_of_a_table_stay_in_their_order() -> None:
    lines = "\n".join(f"BT /F 8 Tf 20 {y} Td (line{y}) Tj ET" for y in (60, 40, 20))
    page = page_of(f"{lines}\n{stroked()}\n{written(['two', 'one'])}")
    assert words_of(page).split() == ["one", "two", "line60", "line40", "line20"]
