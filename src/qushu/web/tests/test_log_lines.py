"""The log of an error tells nothing of what citizens said."""

import logging
import logging.config
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from qushu.cases.actions import accept_case
from qushu.cases.tests.district import District

WORDS = "我家住三栋\n\n邻居李某夜里吵闹"


@pytest.mark.django_db
def test_a_row_that_the_database_refused_is_not_written_into_the_log(district: District) -> None:
    case = accept_case(district.call("agent"), district.intake(text=WORDS))
    made = dict(settings.LOGGING["formatters"]["line"])
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(made)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_statement SET answer = NULL WHERE case_id = %s", [case.pk])
    except IntegrityError as refused:
        assert "三栋" in str(refused)  # so the database itself would have told
        said = formatter.format(logging.LogRecord("x", logging.ERROR, "x", 1, "it failed", (), sys.exc_info()))
    assert "三栋" not in said and "李某" not in said
    assert "cases_statement" in said and said.count("IntegrityError") == 1
