"""Each test of understanding begins in a process that holds no model."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    """No model from another test."""
    from qushu.insight.understanding.serving import SHELF  # models can't be imported before Django is set up

    SHELF.forget()
    yield
    SHELF.forget()
