"""Reindexing gives way to whoever holds a case, and comes back to it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from qushu.cases import actions
from qushu.cases.models import Case, SearchEntry
from qushu.cases.tests.district import make_district
from qushu.insight.search import reindexing

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_case_that_somebody_holds_is_cut_afterwards(monkeypatch):
    district = make_district()
    case = actions.accept_case(district.call("agent"), district.intake())
    SearchEntry.objects.update(words="", facets=[])
    gave_way, written = Event(), reindexing._written

    def told(found):
        done = written(found)
        if not done:
            gave_way.set()
        return done

    monkeypatch.setattr("qushu.kernel.locks.PATIENCE_MS", 20)
    monkeypatch.setattr(reindexing, "_written", told)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            cutting = pool.submit(_reindex)
            assert gave_way.wait(30)
        assert cutting.result() == 1
    entry = SearchEntry.objects.get()
    assert entry.words and f"a{district.community.pk}" in entry.facets


def _reindex():
    try:
        return reindexing.reindex_all(lambda done, total: None)
    finally:
        connection.close()
