"""The list of the copy's files."""

from pathlib import Path
from typing import Any

from qushu.lake.files import Copy, newest, put


def test_a_centre_without_cases_has_a_copy_though_its_folder_was_not_there(tmp_path: Path, settings: Any) -> None:
    settings.QUSHU_LAKE = str(tmp_path / "lake")
    assert newest() == Copy()
    made = put({}, newest(), "codes", 1.0)
    assert newest() == made and made.files == []
