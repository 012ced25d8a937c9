"""A folder of its own for the copy of each test, and a year of promises."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qushu.kernel.tests.grounds import Ground

    from .year import Year


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Any) -> Path:
    settings.QUSHU_LAKE = str(tmp_path / "lake")
    return tmp_path / "lake"


@pytest.fixture(scope="session")
def on_year(on_district: "Ground", tmp_path_factory: pytest.TempPathFactory) -> "Ground":
    """The ground with the year."""
    from qushu.kernel.tests.grounds import Ground  # models can't be imported before Django is set up
    from qushu.lake.tests.copies import with_its_copy

    from .year import make_year

    folder = tmp_path_factory.mktemp("budget")
    return Ground("year", with_its_copy(lambda district: make_year(district, folder), tmp_path_factory), on_district)


@pytest.fixture
def year(on_year: "Ground", standing: dict[str, Any], db: None, lake: Path) -> "Year":
    made, copied = standing["year"]
    shutil.copytree(copied, lake)
    return made
