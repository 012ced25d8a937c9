"""Each list of work is walked along an index that has its order: no sort, however many cases there are."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qushu.cases.models import Case
from qushu.hotline.work import queries
from qushu.people.access import Actor

pytestmark = pytest.mark.django_db
Asked = Callable[[Actor], QuerySet[Case]]
LISTS: dict[str, tuple[str, tuple[str, ...], Asked]] = {
    "register": ("", queries.ORDER, queries.register_queue),
    "to register, late": (
        "",
        queries.ORDER,
        lambda actor: queries.register_queue(actor, "late", timezone.now()),
    ),
    "dispatch": ("case_dispatch", queries.DISPATCH_ORDER, queries.dispatch_queue),
    "returned": ("case_dispatch", queries.DISPATCH_ORDER, lambda actor: queries.dispatch_queue(actor, "returned")),
    "late": ("", queries.ORDER, lambda actor: queries.board(actor, "late", timezone.now())),
    "tomorrow": ("", queries.ORDER, lambda actor: queries.board(actor, "tomorrow", timezone.now())),
    "returned twice": ("", queries.ORDER, lambda actor: queries.board(actor, "returned", timezone.now())),
    "reopened": ("", queries.ORDER, lambda actor: queries.board(actor, "reopened", timezone.now())),
    "ladder": ("", queries.ORDER, lambda actor: queries.board(actor, "ladder", timezone.now())),
    "calls": ("", queries.ORDER, lambda actor: queries.calls(actor, "", timezone.now())),
    "resting": ("", queries.ORDER, lambda actor: queries.calls(actor, "resting", timezone.now())),
    "judged": ("", queries.ORDER, lambda actor: queries.calls(actor, "judged", timezone.now())),
}
"""By name: the one index that has the order (empty where several have it), the order, the list."""


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_work_is_walked_along_its_index(district, name: str):
    index, order, asked = LISTS[name]
    rows = asked(district.people["supervisor"]).order_by(*order)[:31]
    with connection.cursor() as cursor:
        # So few rows as a test has are read faster without any index: what is asked here is whether this one fits.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        plan = rows.explain()
    assert f"Index Scan using {index}" in plan and "Sort Key" not in plan and "Seq Scan on cases_case" not in plan, plan


def test_a_units_new_cases_are_walked_along_an_index_too(district):
    rows = queries.inbox(district.people["unit"], "new").order_by(*queries.ORDER)[:31]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        plan = rows.explain()
    assert "Sort Key" not in plan and "Seq Scan on cases_case" not in plan, plan


@pytest.mark.parametrize(
    ("role", "count"), [("supervisor", queries.board_counts), ("unit", queries.inbox_counts)], ids=["board", "inbox"]
)
def test_what_is_late_is_counted_without_a_look_at_its_clocks(district, role: str, count):
    with CaptureQueriesContext(connection) as asked:
        count(district.people[role], timezone.now())
    reads = " ".join(one["sql"] for one in asked.captured_queries)
    assert "overdue_from" in reads and "cases_clock" not in reads
