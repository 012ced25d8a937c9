"""A progress bar for long work: a moving one on a terminal, a line now and then in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

LOG_SECONDS = 10.0


@contextmanager
def shown_progress(unit: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with (done, total), counted in ``unit``; drawn on standard error. A total of 0 isn't known."""
    if not sys.stderr.isatty():
        yield _logged(unit)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(unit, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def _logged(unit: str) -> Callable[[int, int], None]:
    last = time.monotonic()

    def say(done: int, total: int) -> None:
        nonlocal last
        if 0 < total <= done or time.monotonic() - last >= LOG_SECONDS:
            last = time.monotonic()
            click.echo(f"{done:,} of {total:,} {unit}" if total else f"{done:,} {unit}", err=True)

    return say
