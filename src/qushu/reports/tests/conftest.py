"""A folder of its own for the copy of each test, and a district with two months of cases."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qushu.cases.tests.district import District
    from qushu.kernel.tests.grounds import Ground


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Any) -> Path:
    settings.QUSHU_LAKE = str(tmp_path / "lake")
    return tmp_path / "lake"


@pytest.fixture(scope="session")
def on_spring(on_district: "Ground", tmp_path_factory: pytest.TempPathFactory) -> "Ground":
    """The ground with the two months."""
    from qushu.kernel.tests.grounds import Ground  # models can't be imported before Django is set up
    from qushu.lake.tests.copies import with_its_copy
    from qushu.reports.tests.seasons import make_spring

    return Ground("spring", with_its_copy(make_spring, tmp_path_factory), on_district)


@pytest.fixture
def spring(on_spring: "Ground", standing: dict[str, Any], db: None, lake: Path) -> "District":
    made, copied = standing["spring"]
    shutil.copytree(copied, lake)
    return made
