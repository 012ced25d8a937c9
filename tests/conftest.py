"""One house for all tests here: to make its database takes longer than what most of them do with it."""

from collections.abc import Iterator

import pytest

from qushu.web.tests.running import Run, running_house


@pytest.fixture(scope="session")
def kept_house() -> Iterator[Run]:
    """A run that is there, or was stopped by the test before."""
    with running_house() as run:
        yield run


@pytest.fixture
def house(kept_house: Run) -> Run:
    """A run that is there."""
    if kept_house.ended:
        kept_house.start()
    return kept_house
