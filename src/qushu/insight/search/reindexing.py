"""All texts cut again: after names became words, or the way texts are cut has changed."""

from collections.abc import Callable
from typing import Final

from qushu.cases.entries import write_entries
from qushu.cases.finding import teach_names
from qushu.cases.models import Statement

STEP: Final = 2_000


def reindex_all(progress: Callable[[int, int], None]) -> int:
    """Cut every text again, the newest case first; STEP a transaction. Makes entries that are missing."""
    teach_names()
    rows = Statement.objects.order_by("-pk").values_list("pk", flat=True)
    total, done, below = Statement.objects.count(), 0, None
    while found := list((rows if below is None else rows.filter(pk__lt=below))[:STEP]):
        write_entries(found)
        below, done = found[-1], done + len(found)
        progress(done, total)
    return done
