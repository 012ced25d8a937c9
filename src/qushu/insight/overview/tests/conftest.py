"""A folder of its own for the copy of each test."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Any) -> Path:
    settings.QUSHU_LAKE = str(tmp_path / "lake")
    return tmp_path / "lake"
