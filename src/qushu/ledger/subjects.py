"""The names of 功能科目 and 经济科目 by code: the usual ones from data/*.txt, and what a budget's own rows say."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from .versions.rules import Row


@cache
def usual(kind: str) -> dict[str, str]:
    """The usual names; kind: function or economic."""
    text = files("qushu.ledger").joinpath(f"data/{kind}.txt").read_text(encoding="utf-8")
    return dict(line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#"))


def names_of(kind: str, rows: Iterable[Row]) -> dict[str, str]:
    """The usual names and those of the rows. A row may name the levels above too: `一般公共服务支出/人大事务/代表工作`."""
    names = dict(usual(kind))
    for row in rows:
        code, said = getattr(row, f"{kind}_code"), getattr(row, f"{kind}_name")
        parts = [part.strip() for part in said.split("/") if part.strip()]
        lengths = [length for length in (3, 5, 7) if length <= len(code)]
        for length, part in zip(reversed(lengths), reversed(parts), strict=False):
            names[code[:length]] = part
    return names
