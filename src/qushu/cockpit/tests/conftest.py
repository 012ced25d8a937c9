"""A folder of its own for the copy of each test, and a year of promises."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qushu.cases.tests.district import District

    from .year import Year


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Any) -> Path:
    settings.QUSHU_LAKE = str(tmp_path / "lake")
    return tmp_path / "lake"


@pytest.fixture
def year(district: "District", tmp_path: Path) -> "Year":
    from .year import make_year  # models can be imported only after Django is set up

    return make_year(district, tmp_path)
