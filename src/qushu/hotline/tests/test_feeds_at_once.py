"""The same rows pushed at the same moment become one case each, and both senders learn its number."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from qushu.cases.models import Case
from qushu.cases.proof import verify_cases
from qushu.cases.tests.district import make_district
from qushu.hotline.feeds.pushing import take_push
from qushu.hotline.feeds.rules import sign_push
from qushu.hotline.feeds.sources import SourceFacts, add_source

pytestmark = pytest.mark.django_db(transaction=True)
SENDERS = 4


def test_rows_pushed_by_several_at_once_are_accepted_once():
    district = make_district()
    now = timezone.now()
    _, secret = add_source(district.people["administrator"], "city", SourceFacts("市平台", "city_platform"), now)
    rows = [{"orderNo": f"S-{n}", "acceptTime": "2024-03-01T09:30:00", "content": "路灯不亮"} for n in range(20)]
    gate = Barrier(SENDERS)

    def send(sender):
        # Each sender has the rows in its own order and its own nonce.
        body = json.dumps(rows[sender:] + rows[:sender]).encode()
        header = sign_push(secret, int(now.timestamp()), f"nonce-000{sender}", body)
        try:
            gate.wait(timeout=20)
            return take_push("city", header, "application/json", body, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as pool:
        receipts = list(pool.map(send, range(SENDERS)))
    assert sum(receipt["accepted"] for receipt in receipts) == Case.objects.count() == len(rows)
    assert sum(receipt["unchanged"] for receipt in receipts) == (SENDERS - 1) * len(rows)
    numbers = dict(Case.objects.values_list("source_ref", "number"))
    assert all({row["ref"]: row["number"] for row in receipt["rows"]} == numbers for receipt in receipts)
    assert [finding for chunk in verify_cases() for finding in chunk.findings] == []
