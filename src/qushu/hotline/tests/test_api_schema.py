"""Every operation of the OpenAPI document, driven with what it allows and what it forbids (schemathesis)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qushu.cases.tests.district import District
from qushu.hotline.api.urls import api
from qushu.hotline.tests.test_api import Caller, accept
from qushu.web.wsgi import application

pytestmark = pytest.mark.django_db
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = application
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
KEPT = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
EXAMPLES = settings(
    max_examples=5,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def one_connection() -> Iterator[None]:
    """What a server does between requests would end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_document_names_every_operation_with_its_problems():
    operations = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert len(operations) > 35
    assert all(one["operationId"] and one.get("security") for one in operations)
    assert len({one["operationId"] for one in operations}) == len(operations)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_whatever_is_sent_the_answer_is_one_the_document_names(
    operation: schemathesis.APIOperation, district: District
):
    caller = Caller(district, "supervisor")
    number = accept(Caller(district, "agent"))["number"]

    def send(case: schemathesis.Case, *checks: object) -> None:
        if "number" in case.path_parameters:
            case.path_parameters["number"] = number  # a made-up number would never get further than 404
        answer = case.call(headers={"Authorization": f"Bearer {caller.secret}"})
        case.validate_response(answer, checks=[*KEPT, *checks])

    @EXAMPLES
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def what_it_allows(case: schemathesis.Case) -> None:
        send(case)

    @EXAMPLES
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def what_it_forbids(case: schemathesis.Case) -> None:
        send(case, negative_data_rejection)

    with one_connection():
        what_it_allows()
        what_it_forbids()
