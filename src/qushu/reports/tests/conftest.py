"""A district with two months of cases and its copy, made once for the tests of a file; each test takes back what it wrote."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qushu.cases.tests.district import District


@pytest.fixture(scope="module")
def made_spring(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> "Iterator[District]":
    from django.conf import settings  # none of these can be imported before Django is set up
    from django.db import transaction

    from qushu.cases.tests.district import make_district
    from qushu.reports.tests.seasons import make_spring

    settings.QUSHU_LAKE = str(tmp_path_factory.mktemp("lake"))
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_spring(make_district())
        transaction.set_rollback(True)
    del settings.QUSHU_LAKE


@pytest.fixture
def spring(made_spring: "District", db: None) -> "District":
    return made_spring
