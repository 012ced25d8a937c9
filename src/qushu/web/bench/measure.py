"""Timing, and the table that is printed."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One row of the table: what was measured, what it is compared with, in the same unit.

    `higher_is_better` says which way the ratio reads: ours ÷ reference either way.
    """

    what: str
    ours: float
    unit: str
    reference_name: str
    reference: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours ÷ reference."""
        return self.ours / self.reference if self.reference else float("nan")


def timed(act: Callable[[], object], times: int, warm_up: int = 3) -> list[float]:
    """Seconds of each of `times` calls, after some that don't count."""
    for _ in range(warm_up):
        act()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    return seconds


def median_of(act: Callable[[], object], times: int = 5) -> float:
    """The median of `times` calls in seconds."""
    return statistics.median(timed(act, times, warm_up=1))


def p95_ms(seconds: Sequence[float]) -> float:
    """The 95th percentile in milliseconds."""
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def p99_ms(seconds: Sequence[float]) -> float:
    """The 99th percentile in milliseconds."""
    return statistics.quantiles(seconds, n=100)[-1] * 1000


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| what | ours | reference | reference is | ratio | note |", "|---|---:|---:|---|---:|---|"]
    return "\n".join([*lines, *map(line_of, figures)])


def line_of(one: Figure) -> str:
    """A figure as a line of the table."""
    return (
        f"| {one.what} | {one.ours:,.1f} {one.unit} | {one.reference:,.1f} {one.unit} | {one.reference_name} "
        f"| {one.ratio:.2f} | {one.note} |"
    )
