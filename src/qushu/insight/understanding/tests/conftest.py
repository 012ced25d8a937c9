"""Each test of understanding begins in a process that holds no model and no names of places."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    """No model and no names of places from another test."""
    from qushu.insight.understanding.learned_places import TODAY  # models can't be imported before Django is set up
    from qushu.insight.understanding.serving import SHELF

    SHELF.forget()
    TODAY.forget()
    yield
    SHELF.forget()
    TODAY.forget()
