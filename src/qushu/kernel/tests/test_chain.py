"""The hash chain: canonical, unforgeable in the middle, and every kind of damage is found and named."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.kernel.chain import FIRST, Break, Row, day_seal, row_hash, verify

NOON = datetime(2024, 3, 8, 4, 0, tzinfo=UTC)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), TEXTS)
RECORDS = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)
LENGTHS = st.integers(3, 9)


def chain_of(length: int) -> list[Row]:
    rows: list[Row] = []
    for seq in range(1, length + 1):
        prev = rows[-1].hash if rows else FIRST
        fields = {"seq": seq, "move": f"move {seq}", "at": NOON + timedelta(hours=seq), "record": {"unit": seq}}
        rows.append(Row(seq, prev, row_hash(prev, fields), fields))
    return rows


def head_of(rows: list[Row]) -> tuple[int, bytes]:
    return rows[-1].seq, rows[-1].hash


def forged(row: Row, **fields: object) -> Row:
    """The row with other fields and a hash that fits them."""
    changed = {**row.fields, **fields}
    return replace(row, fields=changed, hash=row_hash(row.prev, changed))


# hashes


def test_the_hash_is_sm3_over_the_hash_before_and_canonical_json() -> None:
    at = datetime(2024, 3, 8, 12, 30, tzinfo=timezone(timedelta(hours=8)))
    fields = {
        "seq": 1,
        "at": at,
        "day": date(2024, 3, 8),
        "key": b"\x01\xff",
        "unit": None,
        "名": "汉阳",
        "record": {"b": [1, True], "a": "x"},
    }
    text = (
        '{"at":"2024-03-08T04:30:00.000000+00:00","day":"2024-03-08","key":"01ff",'
        '"record":{"a":"x","b":[1,true]},"seq":1,"unit":null,"名":"汉阳"}'
    )
    assert row_hash(b"before", fields) == hashlib.new("sm3", b"before" + text.encode()).digest()


def test_sm3_is_the_standards_own() -> None:
    digest = hashlib.new("sm3", b"abc").hexdigest()  # GB/T 32905-2016, annex A.1
    assert digest == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_the_order_of_fields_and_the_time_zone_change_nothing() -> None:
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    assert row_hash(b"", {"a": 1, "b": NOON}) == row_hash(b"", {"b": shanghai, "a": 1})
    assert row_hash(b"", {"a": (1, 2), "b": b"x"}) == row_hash(b"", {"a": [1, 2], "b": memoryview(b"x")})


def test_every_field_and_the_hash_before_count() -> None:
    hashes = {
        row_hash(prev, fields)
        for prev in (b"", b"p")
        for fields in (
            {"a": 1},
            {"a": 2},
            {"a": "1"},
            {"a": True},
            {"a": None},
            {"b": 1},
            {"a": 1, "b": None},
            {"a": [1]},
            {},
        )
    }
    assert len(hashes) == 18


class Urgency(StrEnum):
    urgent = "urgent"


def test_a_choice_counts_as_its_text() -> None:
    assert row_hash(b"", {"a": Urgency.urgent, "b": {"c": Urgency.urgent}}) == row_hash(
        b"", {"a": "urgent", "b": {"c": "urgent"}}
    )


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), Decimal("1"), {"a": 1.5}, [1, [2.0]], {1: "a"}, {"a": NOON}, [b"x"], {"a", "b"}, object()],
)
def test_what_the_database_would_change_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        row_hash(b"", {"a": value})


def test_naive_moments_and_broken_text_are_refused() -> None:
    with pytest.raises(TypeError, match="aware"):
        row_hash(b"", {"a": datetime(2024, 3, 8)})
    with pytest.raises(ValueError, match="surrogates"):
        row_hash(b"", {"a": "\ud800"})


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    record=st.dictionaries(TEXTS, RECORDS, max_size=4),
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)),
)
def test_a_row_read_back_from_postgresql_has_its_hash(record: dict[str, object], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text, %s::timestamptz", [json.dumps(record), at])
        back, at_back = cursor.fetchone()
    assert row_hash(b"", {"record": json.loads(back), "at": at_back}) == row_hash(b"", {"record": record, "at": at})


# damage


@given(LENGTHS)
def test_a_whole_chain_holds(length: int) -> None:
    rows = chain_of(length)
    assert verify(rows, head_of(rows)) == verify(reversed(rows)) == []


def test_an_empty_chain_holds_unless_the_head_knows_better() -> None:
    assert verify([]) == verify([], (0, FIRST)) == []
    assert verify([], (2, b"x" * 32)) == [Break("missing", 1, 2)]


@given(LENGTHS, st.data())
def test_a_changed_field_names_its_row(length: int, data: st.DataObject) -> None:
    rows = chain_of(length)
    place = data.draw(st.integers(0, length - 1))
    changed: Mapping[str, object] = {**rows[place].fields, "move": "another"}
    damaged = [*rows[:place], replace(rows[place], fields=changed), *rows[place + 1 :]]
    assert verify(damaged, head_of(rows)) == verify(damaged) == [Break("changed", place + 1, place + 1)]


@given(LENGTHS, st.data())
def test_a_row_rewritten_with_a_fitting_hash_is_named(length: int, data: st.DataObject) -> None:
    rows = chain_of(length)
    place = data.draw(st.integers(0, length - 1))
    damaged = [*rows[:place], forged(rows[place], move="another"), *rows[place + 1 :]]
    assert verify(damaged, head_of(rows)) == [Break("changed", place + 1, place + 1)]


@given(LENGTHS, st.data())
def test_a_removed_stretch_is_named(length: int, data: st.DataObject) -> None:
    rows = chain_of(length)
    first = data.draw(st.integers(1, length))
    last = data.draw(st.integers(first, length))
    damaged = [row for row in rows if not first <= row.seq <= last]
    assert verify(damaged, head_of(rows)) == [Break("missing", first, last)]
    assert verify(damaged) == ([Break("missing", first, last)] if last < length else [])


@given(LENGTHS, st.data())
def test_a_second_row_with_the_same_number_is_named(length: int, data: st.DataObject) -> None:
    rows = chain_of(length)
    place = data.draw(st.integers(0, length - 1))
    twin = forged(rows[place], move="slipped in")
    for damaged in ([*rows, twin], [twin, *rows]):
        assert verify(damaged, head_of(rows)) == [Break("inserted", place + 1, place + 1)]


def test_rows_added_behind_the_head_are_named() -> None:
    rows = chain_of(5)
    assert verify(rows, head_of(rows[:3])) == [Break("inserted", 4, 4), Break("inserted", 5, 5)]


def test_a_row_far_away_costs_no_time_and_is_named() -> None:
    rows = chain_of(3)
    stray = replace(rows[2], seq=2**31)
    assert verify([*rows, stray], head_of(rows)) == [Break("inserted", 2**31, 2**31)]
    assert Break("missing", 4, 2**31 - 1) in verify([*rows, stray])


def test_a_changed_hash_before_is_a_changed_row_and_a_gap_in_the_links() -> None:
    rows = chain_of(4)
    damaged = [rows[0], rows[1], replace(rows[2], prev=b"z" * 32), rows[3]]
    assert verify(damaged, head_of(rows)) == [Break("changed", 3, 3), Break("unlinked", 3, 3)]


def test_two_rows_changed_at_once_are_both_found() -> None:
    rows = chain_of(4)
    damaged = [rows[0], forged(rows[1], move="x"), replace(rows[2], fields={**rows[2].fields, "move": "y"}), rows[3]]
    assert verify(damaged, head_of(rows)) == [Break("changed", 3, 3), Break("unlinked", 3, 3)]


def test_a_chain_that_claims_something_before_its_first_row_is_unlinked() -> None:
    fields = {"seq": 1}
    assert verify([Row(1, b"p" * 32, row_hash(b"p" * 32, fields), fields)]) == [Break("unlinked", 1, 1)]


def test_fields_that_could_never_be_written_are_a_changed_row() -> None:
    rows = chain_of(3)
    rows[1] = replace(rows[1], fields={**rows[1].fields, "record": {"unit": 1.5}})
    assert verify(rows) == [Break("changed", 2, 2)]


def test_a_chain_with_a_forged_end_is_caught_by_the_head_only() -> None:
    rows = chain_of(4)
    damaged = [*rows[:3], forged(rows[3], move="x")]
    assert verify(damaged) == []
    assert verify(damaged, head_of(rows)) == [Break("changed", 4, 4)]


def test_breaks_are_told_in_words() -> None:
    assert str(Break("changed", 3, 3)) == "第 3 行被改动"
    assert str(Break("missing", 3, 5)) == "第 3–5 行缺失"


# seals

DAY = date(2024, 3, 8)
DAY_ROWS = [(1, 1, b"a" * 32), (1, 2, b"b" * 32), (2, 1, b"c" * 32)]


def test_a_seal_covers_its_day_its_rows_and_the_seal_before() -> None:
    seals = {
        day_seal(prev, day, rows)
        for prev in (b"", b"p" * 32)
        for day in (DAY, date(2024, 3, 9))
        for rows in ([], DAY_ROWS, DAY_ROWS[:2], [*DAY_ROWS[:2], (2, 2, b"c" * 32)], [(1, 1, b"b" * 32), *DAY_ROWS[1:]])
    }
    assert len(seals) == 20
    assert day_seal(b"", DAY, iter(DAY_ROWS)) == day_seal(b"", DAY, [(1, 1, memoryview(b"a" * 32)), *DAY_ROWS[1:]])  # type: ignore[list-item]


@pytest.mark.parametrize("rows", [[*DAY_ROWS, DAY_ROWS[0]], [DAY_ROWS[0], DAY_ROWS[0]], [(1, 1, b"short")]])
def test_a_seal_refuses_rows_out_of_order_and_bad_hashes(rows: list[tuple[int, int, bytes]]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        day_seal(b"", DAY, rows)
