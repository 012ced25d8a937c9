"""What tests of every room share."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qushu.cases.tests.district import District


@pytest.fixture
def district(db: None) -> "District":
    """A small district with seeded code tables and one person per role."""
    from qushu.cases.tests.district import make_district  # models can't be imported before Django is set up

    return make_district()
