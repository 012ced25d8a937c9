"""The list of the copy's files."""

import os
from pathlib import Path
from typing import Any

from qushu.lake.files import Copy, new_name, newest, put, sweep


def test_a_centre_without_cases_has_a_copy_though_its_folder_was_not_there(tmp_path: Path, settings: Any) -> None:
    settings.QUSHU_LAKE = str(tmp_path / "lake")
    assert newest() == Copy()
    made = put({}, newest(), "codes", 1.0)
    assert newest() == made and made.files == []


def test_a_file_that_is_replaced_stays_for_whoever_still_reads_it(tmp_path: Path, settings: Any) -> None:
    settings.QUSHU_LAKE = str(tmp_path)
    old, new = new_name("2024-03"), new_name("2024-03")
    before = put({"2024-03": old}, newest(), "codes", 1.0)
    for name in (old, new):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1, 1))  # written long ago
    sweep(put({"2024-03": new}, before, "codes", 2.0))
    assert (tmp_path / old).exists()
    os.utime(tmp_path / old, (1, 1))
    sweep(newest())
    assert not (tmp_path / old).exists() and (tmp_path / new).exists()
