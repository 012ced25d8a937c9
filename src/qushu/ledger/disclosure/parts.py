"""Pieces that both forms share: labels, long words, tables of targets with merged levels."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from ..models import Target
from .grid import Cell

Cells = list[Cell]


def label(words: str, across: int = 1, down: int = 1) -> Cell:
    """A cell that names what stands beside or below it."""
    return Cell(words, across, down, strong=True, side="center")


def money(amount: Decimal | None, across: int = 1) -> Cell:
    """An amount in 元; nought and nothing stay empty."""
    return Cell(amount or None, across, side="right")


def heads(*columns: tuple[str, int]) -> Cells:
    """A row of labels: words and how many columns each covers."""
    return [label(words, across) for words, across in columns]


def target_rows(targets: Sequence[Target], lead: Sequence[str], annual: bool, widths: Sequence[int]) -> list[Cells]:
    """Targets with 一级 and 二级 merged over equal neighbours. `lead` are words of a column before them, one a target.

    `widths`: columns covered by lead (if any), 一级, 二级, 三级, the values, and 依据.
    """
    rows: list[Cells] = [[] for _ in targets]
    places = list(range(len(targets)))
    if lead:
        _merge(rows, places, lambda at: lead[at], widths[0])
        widths = widths[1:]
    first = lambda at: (lead[at] if lead else "", targets[at].level1)  # noqa: E731 (names the key that is used twice)
    _merge(rows, places, first, widths[0], lambda at: targets[at].level1)
    _merge(rows, places, lambda at: (first(at), targets[at].level2), widths[1], lambda at: targets[at].level2)
    for at, target in enumerate(targets):
        values = target.former_words if annual else []
        rows[at] += [Cell(target.name, widths[2])]
        rows[at] += [
            Cell(words, width, side="center")
            for words, width in zip([*values, target.promised], widths[3:-1], strict=True)
        ]
        rows[at] += [Cell("", widths[-1])]
    return rows


def _merge(rows: list[Cells], places: list[int], key, across: int, words=None) -> None:  # type: ignore[no-untyped-def]
    for _, found in groupby(places, key):
        run = list(found)
        said = (words or key)(run[0])
        rows[run[0]].append(Cell(said, across, len(run), side="center"))
