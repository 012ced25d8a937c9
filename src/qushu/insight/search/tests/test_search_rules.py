"""What needs no database: marks in a text, boxes, months, squares of the map, initials."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.insight.search.forms import box_of, month_of
from qushu.insight.search.highlighting import Piece, highlighted
from qushu.insight.search.mapping import ACROSS, DOWN, drawn
from qushu.insight.search.names import _abbreviates, initials_of


def test_terms_are_marked_in_any_case_the_longest_first():
    assert highlighted("KTV路灯不亮", ["路灯", "路灯不亮", "ktv"]) == [Piece("KTV", True), Piece("路灯不亮", True)]


def test_the_part_around_the_first_hit_is_shown():
    pieces = highlighted("前" * 300 + "路灯" + "后" * 300, ["路灯"], width=60)
    assert pieces[0].text == "…" and pieces[-1].text == "…"
    assert [piece.text for piece in pieces if piece.hit] == ["路灯"]
    assert sum(len(piece.text) for piece in pieces) <= 62


def test_personal_data_is_masked_before_marks_are_set():
    pieces = highlighted("请联系 13871234567 王小明先生", ["13871234567", "1387"])
    assert "13871234567" not in "".join(piece.text for piece in pieces)
    assert not any(piece.hit for piece in pieces)


def test_pieces_are_plain_text():
    assert highlighted("<b>路灯</b>", ["路灯"]) == [Piece("<b>", False), Piece("路灯", True), Piece("</b>", False)]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.text(alphabet="路灯不亮<>&\"'.*[(", max_size=200),
    st.lists(st.text(alphabet="路灯.*[(<", max_size=4), max_size=4),
)
def test_marks_never_break_and_pieces_are_the_text(text, marks):
    pieces = highlighted(text, marks, width=1000)
    assert "".join(piece.text for piece in pieces) == " ".join(text.split())


def test_a_box_is_four_degrees_put_right():
    assert box_of("114.3,30.6,114.2,30.5") == (114.2, 30.5, 114.3, 30.6)
    assert box_of("114.3，30.6，114.2，30.5") is not None
    for bad in ("", "1,2,3", "a,b,c,d", "200,0,0,0", "0,95,0,0", "1;drop,2,3,4", "nan,1,1,1"):
        assert box_of(bad) is None


def test_a_month_ends_where_the_next_begins():
    first, following = month_of("2026-12")
    assert (first.isoformat(), following.isoformat()) == ("2026-12-01", "2027-01-01")
    assert month_of("2026-13") is month_of("26-1") is month_of("1999-01") is None


@given(st.lists(st.tuples(st.floats(114, 115), st.floats(30, 31)), min_size=1, max_size=200))
def test_every_point_in_the_frame_lies_in_one_square(points):
    found = drawn(points, 3)
    west, south, east, north = box_of(found.box)
    inside = [1 for lon, lat in points if west - 1e-5 <= lon <= east + 1e-5 and south - 1e-5 <= lat <= north + 1e-5]
    assert abs(sum(square.count for square in found.squares) - len(inside)) <= len(points) // 50 + 4
    assert len(found.squares) <= ACROSS * DOWN and found.placed == len(points) and found.without == 3
    assert all(1 <= square.shade <= 5 for square in found.squares)


def test_a_wrong_point_does_not_make_the_map_small():
    found = drawn([(114.2, 30.5)] * 300 + [(0.0, 0.0)], 0)
    assert box_of(found.box)[0] > 114


@pytest.mark.parametrize(
    ("name", "initials"), [("汉阳大道", "hydd"), ("住建局", "zjj"), ("KTV", "ktv"), ("（一）号", "yh")]
)
def test_initials(name, initials):
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    ("word", "initials", "yes"),
    [
        ("zjj", "zfhcsjsj", True),
        ("zsj", "zfhcsjsj", True),
        ("zjq", "zfhcsjsj", False),
        ("zj", "zfhcsjsj", False),
        ("jjz", "zfhcsjsj", False),
    ],
)
def test_abbreviations_keep_first_and_last(word, initials, yes):
    assert _abbreviates(word, initials) is yes
