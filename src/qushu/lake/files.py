"""The files of the copy: one Parquet file a month, and a list of those that belong together, replaced in one step.

A file is never changed: a month is written under a new name, then the list names it. Whoever reads follows one list;
a crash at any point leaves the old list with all its files.
"""

import json
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

LIST = "copy.json"
LAYOUT = 2
"""Raised whenever the columns or the order of rows change: a copy of another layout is written anew."""
KEPT_SECONDS = 600
"""Files that no list names are kept so long for readers that still follow the list before."""


@dataclass(frozen=True)
class Copy:
    """One state of the copy: the file of each month (`2024-03`), what it was made from, and when (seconds since 1970)."""

    token: str = ""
    former: str = ""
    codes: str = ""
    written_at: float = 0.0
    months: Mapping[str, str] | None = None

    @property
    def files(self) -> list[str]:
        """The paths of all files, by month."""
        return [str(folder() / name) for _, name in sorted((self.months or {}).items())]


def folder() -> Path:
    """Where the copy lies."""
    return Path(getattr(settings, "QUSHU_LAKE", "") or settings.HOME / "lake")


def newest() -> Copy:
    """The copy to read; an empty one when none was written yet, or by another layout."""
    try:
        held = json.loads((folder() / LIST).read_text())
    except FileNotFoundError:
        return Copy()
    if held.pop("layout") != LAYOUT:
        return Copy()
    return Copy(**held)


def put(months: Mapping[str, str], former: Copy, codes: str, now: float) -> Copy:
    """Make these files the copy: readers see all of the old ones or all of the new ones."""
    copy = Copy(secrets.token_hex(8), former.token, codes, now, dict(months))
    folder().mkdir(parents=True, exist_ok=True)  # a centre without cases has no file yet
    fresh = folder() / f"{LIST}.{copy.token}"
    with fresh.open("w") as out:
        json.dump({"layout": LAYOUT, **copy.__dict__}, out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, folder() / LIST)
    for name in set((former.months or {}).values()) - set(months.values()):
        with suppress(FileNotFoundError):
            os.utime(folder() / name)  # from now on it is kept for readers of the list before
    return copy


def new_name(month: str) -> str:
    """A name that no file of the copy has had."""
    return f"{month}-{secrets.token_hex(6)}.parquet"


def month_of(path: str) -> date:
    """The first day of the month in which the cases of a file were accepted."""
    return date.fromisoformat(f"{Path(path).name[:7]}-01")


def sweep(copy: Copy) -> None:
    """Remove what no list names and nobody can be reading any more."""
    named = {LIST, *(copy.months or {}).values()}
    for path in folder().iterdir():
        if path.name not in named and path.is_file() and time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
