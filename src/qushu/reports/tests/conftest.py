"""A folder of its own for the copy of each test, and a district with two months of cases."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qushu.cases.tests.district import District


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Any) -> Path:
    settings.QUSHU_LAKE = str(tmp_path / "lake")
    return tmp_path / "lake"


@pytest.fixture
def spring(district: "District", lake: Path) -> "District":
    from qushu.reports.tests.seasons import make_spring  # models can't be imported before Django is set up

    return make_spring(district)
