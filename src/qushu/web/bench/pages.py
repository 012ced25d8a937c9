"""Server time of the pages people live in, beside the bare query of the same rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.test import Client

from qushu.cases.models import Case, History
from qushu.people.models import Account, Grant

from .measure import Figure, p95_ms, timed

TIMES = 60
PASSWORD = "bench-only-9f2k"
UNIT_OPEN = """
SELECT lead_unit_id FROM cases_case WHERE closed_at IS NULL AND lead_unit_id IS NOT NULL
GROUP BY lead_unit_id ORDER BY count(*) DESC LIMIT 1
"""


def page_figures(now: datetime) -> list[Figure]:
    """Times of inbox, dispatch queue, list (page 1 and deep), case page, supervision board, cockpit, assessment of a month.

    Accounts are made for it and rolled back.
    """
    with transaction.atomic():
        figures = list(_figures(now))
        transaction.set_rollback(True)
    return figures


def _figures(now: datetime) -> Iterator[Figure]:
    unit_id = busiest_unit()
    worked_on = History.objects.filter(case__closed_at__isnull=False).order_by("-pk")  # copies have no history
    number = worked_on.values_list("case__number", flat=True)[0]
    people = {
        role: client_of(role, unit_id if role == "unit" else None, now, "bench")
        for role in ("unit", "dispatcher", "supervisor", "leader")
    }
    open_ = "closed_at IS NULL"
    overdue = "overdue_from < now()"
    newest = "ORDER BY accepted_at DESC, id DESC LIMIT 51"
    yield _page(
        "a unit's inbox",
        people["unit"],
        "/inbox/",
        f"SELECT * FROM cases_case WHERE lead_unit_id = {unit_id} AND {open_} ORDER BY due_at, id LIMIT 51",
    )
    yield _page(
        "dispatch queue",
        people["dispatcher"],
        "/dispatch/",
        f"SELECT * FROM cases_case WHERE state = 'registered' AND {open_} ORDER BY due_at, id LIMIT 51",
    )
    yield _page("case list, page 1", people["supervisor"], "/cases/", f"SELECT * FROM cases_case {newest}")
    yield _page(
        "case list, filtered by unit",
        people["supervisor"],
        f"/cases/?unit={unit_id}",
        f"SELECT * FROM cases_case WHERE lead_unit_id = {unit_id} {newest}",
    )
    deep = _deep_page(people["supervisor"], 1000)
    if deep:
        yield _page(
            f"case list, page {deep[0]}",
            people["supervisor"],
            deep[1],
            f"SELECT * FROM cases_case {newest} OFFSET {deep[0] * 50}",
        )
    yield _page(
        "case page", people["supervisor"], f"/cases/{number}/", f"SELECT * FROM cases_case WHERE number = '{number}'"
    )
    yield _page(
        "supervision board",
        people["supervisor"],
        "/supervision/",
        f"SELECT * FROM cases_case WHERE {open_} AND {overdue} ORDER BY due_at, id LIMIT 51",
    )
    yield _page(
        "the leader's cockpit",
        people["leader"],
        "/cockpit/",
        f"SELECT lead_unit_id, count(*) FROM cases_case WHERE {open_} AND {overdue} GROUP BY 1",
    )
    month = f"{now:%Y-%m}"
    yield _page(
        "assessment of a month",
        people["supervisor"],
        f"/assessment/?month={month}",
        "SELECT lead_unit_id, count(*), count(*) FILTER (WHERE satisfaction >= 4) FROM cases_case WHERE accepted_at >= date_trunc('month', now()) GROUP BY 1",
        times=15,
    )


def _page(what: str, client: Client, url: str, sql: str, times: int = TIMES) -> Figure:
    status = client.get(url, follow=True).status_code
    ours = p95_ms(timed(lambda: client.get(url), times))
    reference = p95_ms(timed(lambda: _rows(sql), times))
    return Figure(what, ours, "ms p95", "the bare query", reference, "" if status == 200 else f"status {status}")


def _deep_page(client: Client, wanted: int) -> tuple[int, str] | None:
    """The address of page `wanted`, or of the last there is, reached by its links."""
    from qushu.kernel.paging import page

    cursor, reached = None, 1
    while reached < wanted:
        here = page(Case.objects.all(), ("-accepted_at", "-id"), cursor, 50)
        if here.next_cursor is None:
            break
        cursor, reached = here.next_cursor, reached + 1
    return (reached, f"/cases/?after={cursor}") if cursor else None


def busiest_unit() -> int:
    """The unit with most open cases."""
    return int(_rows(UNIT_OPEN)[0][0])


def client_of(role: str, unit_id: int | None, now: datetime, name: str) -> Client:
    """Somebody of this role, logged in; for a transaction that is rolled back."""
    account = Account(username=f"{name}-{role}", name="测速", password_changed_at=now)
    account.set_password(PASSWORD)
    account.save()
    Grant.objects.create(account=account, role=role, unit_id=unit_id)
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/login/", {"username": account.username, "password": PASSWORD})
    return client


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
