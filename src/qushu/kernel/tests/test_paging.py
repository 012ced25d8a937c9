"""Paging: walking a list page by page gives the list, whatever its order, its NULLs and the size of a page."""

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.kernel.paging import BadCursor, Page, last_page, page, page_of
from qushu.kernel.tests.grounds import BARE, Grounds

with isolate_apps("qushu.kernel"):

    class Place(models.Model):
        name = models.CharField(max_length=20)
        code = models.CharField(max_length=20, unique=True)

        class Meta:
            app_label = "kernel"
            db_table = "paging_test_place"

        def __str__(self) -> str:
            return self.name

    class Thing(models.Model):
        due_at = models.DateTimeField(null=True)
        rank = models.IntegerField()
        name = models.CharField(max_length=20)
        weight = models.DecimalField(max_digits=6, decimal_places=2, null=True)
        day = models.DateField()
        place = models.ForeignKey(Place, models.CASCADE, null=True)

        class Meta:
            app_label = "kernel"
            db_table = "paging_test_thing"
            ordering = ["name"]
            indexes = [models.Index(fields=["due_at", "id"], name="paging_test_due")]

        def __str__(self) -> str:
            return self.name


ORDERS = [
    ("id",),
    ("-id",),
    ("rank", "id"),
    ("-rank", "-id"),
    ("due_at", "id"),
    ("-due_at", "-id"),
    ("-rank", "name", "id"),
    ("rank", "-due_at", "id"),
    ("-rank", "due_at", "-id"),
    ("weight", "due_at", "id"),
    ("-weight", "-due_at", "-id"),
    ("day", "rank"),
    ("name",),
    ("-place", "id"),
    ("place__name", "-id"),
    ("lowered", "id"),
    ("heavy", "id"),
]
START = datetime(2024, 3, 8, 4, 0, tzinfo=UTC)
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 3).map(lambda n: START + timedelta(microseconds=n)),
        st.integers(0, 3),
        st.sampled_from(["甲", "乙", "b", "B"]),
        st.none() | st.sampled_from([Decimal("0.10"), Decimal("2.00"), Decimal("10.00")]),
        st.sampled_from([date(2024, 3, 8), date(2024, 3, 9)]),
        st.none() | st.integers(0, 1),
    ),
    max_size=18,
)
FREELY = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_tables")]


@pytest.fixture(scope="module")
def _tables(django_db_setup: Grounds, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        django_db_setup.stand_on(BARE)
        with connection.schema_editor() as editor:
            editor.create_model(Place)
            editor.create_model(Thing)
        yield
        django_db_setup.stand_on(BARE)
        with connection.schema_editor() as editor:
            editor.delete_model(Thing)
            editor.delete_model(Place)


def fill(rows: Sequence[tuple[Any, ...]]) -> QuerySet[Thing]:
    Thing.objects.all().delete()
    Place.objects.all().delete()
    places = [Place.objects.create(name=name, code=name) for name in ("南", "北")]
    Thing.objects.bulk_create(
        Thing(due_at=due_at, rank=rank, name=name, weight=weight, day=day, place=None if at is None else places[at])
        for due_at, rank, name, weight, day, at in rows
    )
    return Thing.objects.annotate(lowered=Lower("name"), heavy=F("weight")).select_related("place")


def some(count: int = 7) -> QuerySet[Thing]:
    return fill([(START, number % 2, "甲", None, START.date(), None) for number in range(count)])


def plain_list(things: QuerySet[Thing], order: Sequence[str]) -> list[int]:
    raw = [f"{'-' if name[0] == '-' else ''}place_id" if name.endswith("place") else name for name in order]
    sign = "-" if order[-1].startswith("-") else ""
    return list(things.order_by(*raw, f"{sign}id").values_list("id", flat=True))


def ids(one: Page[Thing]) -> list[int]:
    return [row.id for row in one]


@FREELY
@given(ROWS, st.sampled_from(ORDERS), st.integers(1, 6))
def test_walking_forward_and_back_gives_the_list(
    rows: list[tuple[Any, ...]], order: tuple[str, ...], size: int
) -> None:
    things = fill(rows)
    forward = [page(things, order, None, size)]
    while cursor := forward[-1].next_cursor:
        forward.append(page(things, order, cursor, size))
    expected = plain_list(things, order)
    assert [one for shown in forward for one in ids(shown)] == expected
    assert all(len(shown) == size for shown in forward[:-1])
    assert forward[0].previous_cursor is None

    back = [forward[-1]]
    while cursor := back[-1].previous_cursor:
        back.append(page(things, order, cursor, size))
    assert [ids(shown) for shown in reversed(back)] == [ids(shown) for shown in forward]
    assert back[-1].next_cursor == forward[0].next_cursor


@FREELY
@given(ROWS, st.sampled_from(ORDERS), st.integers(1, 6))
def test_walking_back_from_the_last_page_gives_the_list(
    rows: list[tuple[Any, ...]], order: tuple[str, ...], size: int
) -> None:
    things = fill(rows)
    shown = page(things, order, last_page(order), size)
    assert shown.next_cursor is None
    walked = ids(shown)
    while cursor := shown.previous_cursor:
        shown = page(things, order, cursor, size)
        assert shown.next_cursor
        walked = ids(shown) + walked
    assert walked == plain_list(things, order)


def test_rows_that_appear_or_go_meanwhile_never_repeat_others() -> None:
    things = some(6)
    first = page(things, ("id",), None, 2)
    things.filter(id=ids(first)[1]).delete()
    second = page(things, ("id",), first.next_cursor, 2)
    assert not set(ids(first)) & set(ids(second))
    assert len(second) == 2


def test_a_page_behind_everything_leads_back_to_the_last() -> None:
    things = some(4)
    first = page(things, ("id",), None, 2)
    things.filter(id__gt=ids(first)[1]).delete()
    beyond = page(things, ("id",), first.next_cursor, 2)
    assert (beyond.rows, beyond.next_cursor) == ([], None)
    assert ids(page(things, ("id",), beyond.previous_cursor, 2)) == ids(first)


def test_a_page_before_everything_is_the_first() -> None:
    things = some(4)
    second = page(things, ("id",), page(things, ("id",), None, 2).next_cursor, 2)
    things.filter(id__lt=ids(second)[0]).delete()
    assert page(things, ("id",), second.previous_cursor, 2) == page(things, ("id",), None, 2)


def test_an_empty_list_is_one_empty_page() -> None:
    assert page(Thing.objects.all(), ("rank",), None, 3) == Page([], None, None)


def test_rows_may_be_dicts() -> None:
    some(3)
    shown = page(Thing.objects.values("id", "rank", label=Coalesce(F("name"), F("name"))), ("rank", "id"), None, 2)
    rest = page(Thing.objects.values("id", "rank"), ("rank", "id"), shown.next_cursor, 2)
    assert len(rest) == 1
    assert rest.rows[0]["id"] not in [row["id"] for row in shown]


def test_a_filtered_list_stays_filtered_on_every_page() -> None:
    things = some(8).filter(rank=1)
    first = page(things, ("due_at", "id"), None, 3)
    assert {row.rank for row in [*first, *page(things, ("due_at", "id"), first.next_cursor, 3)]} == {1}


def test_an_address_says_after_or_before() -> None:
    things = some(5)
    first = page_of(things, ("id",), {}, 2)
    second = page_of(things, ("id",), {"after": first.next_cursor or ""}, 2)
    assert ids(page_of(things, ("id",), {"before": second.previous_cursor or ""}, 2)) == ids(first)
    assert ids(page_of(things, ("id",), {"after": ""}, 2)) == ids(first)


def test_a_page_without_rows_is_no_page() -> None:
    with pytest.raises(ValueError, match="at least one"):
        page(Thing.objects.all(), ("id",), None, 0)


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(ValueError, match="no column colour"):
        page(Thing.objects.all(), ("colour",))


def packed(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = page(some(5), ("id",), None, 2).next_cursor
    with pytest.raises(BadCursor, match="第一页"):
        page(Thing.objects.all(), ("-id",), cursor)


@pytest.mark.parametrize(
    "key",
    [
        [],
        ["2024-03-08T00:00:00+00:00"],
        ["2024-03-08T00:00:00", 1],
        ["yesterday", 1],
        [7, 1],
        ["2024-03-08T00:00:00+00:00", None],
        ["2024-03-08T00:00:00+00:00", "x"],
        ["2024-03-08T00:00:00+00:00", 2**70],
        ["2024-03-08T00:00:00+00:00", 1e999],
        ["2024-03-08T00:00:00+00:00", [1]],
        [{"a": 1}, 1],
        "no list",
        5,
    ],
)
def test_a_cursor_with_another_key_is_refused(key: object) -> None:
    mark = json.loads(base64.urlsafe_b64decode(last_page(("due_at", "id")) + "=="))[1]
    with pytest.raises(BadCursor):
        page(Thing.objects.all(), ("due_at", "id"), packed(0, mark, key))


def test_text_that_the_database_refuses_is_refused_before_it() -> None:
    mark = json.loads(base64.urlsafe_b64decode(last_page(("name",)) + "=="))[1]
    with pytest.raises(BadCursor):
        page(Thing.objects.all(), ("name",), packed(0, mark, ["a\0b", 1]))


@pytest.mark.parametrize("cursor", ["!", "abc", "汉", "W10", "[]", "A" * 5000, packed(2, "x", None), packed(*[[]] * 3)])
def test_nonsense_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        page(Thing.objects.all(), ("id",), cursor)


@FREELY
@given(st.data())
def test_a_cursor_with_changed_letters_is_refused_or_is_another_place(data: st.DataObject) -> None:
    things = some(5)
    cursor = page(things, ("due_at", "name", "id"), None, 2).next_cursor or ""
    at = data.draw(st.integers(0, 999)) % len(cursor)  # the cursor is not of the same length every time
    changed = cursor[:at] + data.draw(st.sampled_from("AZaz09-_!")) + cursor[at + 1 :]
    try:
        assert len(page(things, ("due_at", "name", "id"), changed, 2)) <= 2
    except BadCursor as error:
        assert error.code == "bad_cursor"


@pytest.mark.parametrize("order", [("due_at", "id"), ("-due_at", "-id")])
def test_an_index_on_the_order_answers_a_page_with_one_descent(order: tuple[str, ...]) -> None:
    some(5)
    cursor = page(Thing.objects.all(), order, None, 2).next_cursor
    with connection.cursor() as database, connection.execute_wrapper(explained := Explained()):
        database.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
        )
        page(Thing.objects.all(), order, cursor, 2)
    plan = "\n".join(explained.plans)
    assert "using paging_test_due" in plan
    assert "Index Cond: (ROW(due_at, id) " in plan
    assert "Sort" not in plan


class Explained:
    """Collects the plans of the queries that are run."""

    def __init__(self) -> None:
        self.plans: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                self.plans += [line for (line,) in cursor.fetchall()]
        return execute(sql, params, many, context)
