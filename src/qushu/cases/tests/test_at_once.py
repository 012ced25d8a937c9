"""Two people at once, on real connections: one wins, the other is told; nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

import pytest
from django.db import connection, transaction

from qushu.cases import actions
from qushu.cases.entries import write_entries
from qushu.cases.models import Case, History, SearchEntry
from qushu.cases.tests.district import make_district
from qushu.cases.tests.entries import entries_with_wrong_facets
from qushu.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run these at the same moment, each on its own connection; results or the refusals, in order."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(timeout=10)
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_dispatchers_at_once_leave_one_dispatch():
    district = make_district()
    case = actions.accept_case(district.call("agent"), district.intake())
    case = actions.register_case(
        district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general"
    )
    results = together(
        *(
            lambda unit=unit: actions.dispatch_case(district.call("dispatcher", seen_seq=2), case.pk, unit.pk)
            for unit in (district.water, district.housing)
        )
    )
    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) == 1
    assert "测试派单员已派单" in refused[0].message
    assert History.objects.filter(case=case, move="dispatch").count() == 1


def test_one_request_sent_eight_times_at_once_makes_one_case():
    district = make_district()
    results = together(
        *[lambda: actions.accept_case(district.call("agent", request_key="once"), district.intake())] * 8
    )
    assert len({case.pk for case in results}) == 1
    assert Case.objects.count() == 1


def test_one_external_reference_makes_one_case():
    district = make_district()
    intake = district.intake(source="city", source_ref="W-1")
    results = together(*[lambda: actions.accept_case(district.call("agent"), intake)] * 4)
    assert len({case.pk for case in results}) == 1


def test_many_cases_at_once_are_all_there():
    district = make_district()
    results = together(*[lambda: actions.accept_case(district.call("agent"), district.intake())] * 8)
    assert Case.objects.count() == len({case.number for case in results}) == 8


def test_an_entry_that_is_written_anew_knows_what_a_move_says_meanwhile():
    district = make_district()
    case = actions.accept_case(district.call("agent"), district.intake())
    SearchEntry.objects.all().delete()  # there is none that the move could bring along
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            call = district.call("agent")
            actions.register_case(call, case.pk, district.category.pk, district.community.pk, "help", "general")
            writing = pool.submit(_write_entry, case.pk)
            _until_somebody_waits()
        writing.result()
    assert f"c{district.category.pk}" in SearchEntry.objects.get().facets
    assert not entries_with_wrong_facets()


def _write_entry(case_id):
    try:
        write_entries([case_id])
    finally:
        connection.close()


def _until_somebody_waits():
    """For this connection."""
    end = monotonic() + 30
    with connection.cursor() as cursor:
        while monotonic() < end:
            cursor.execute("SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
            if cursor.rowcount:
                return
    raise AssertionError("nobody waits")
