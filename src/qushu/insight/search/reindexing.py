"""All texts cut again: after names became words, or the way texts are cut has changed."""

from collections.abc import Callable, Sequence
from typing import Final

from django.db import transaction

from qushu.cases.entries import write_entries
from qushu.cases.finding import teach_names
from qushu.cases.models import Statement
from qushu.kernel.locks import Busy, giving_way

STEP: Final = 200
"""So few at once, for whoever moves one of them waits."""


def reindex_all(progress: Callable[[int, int], None]) -> int:
    """Cut every text again, the newest case first; STEP a transaction. Makes entries that are missing."""
    teach_names()
    rows = Statement.objects.order_by("-pk").values_list("pk", flat=True)
    total, done, below = Statement.objects.count(), 0, None
    while found := list((rows if below is None else rows.filter(pk__lt=below))[:STEP]):
        while not _written(found):
            pass
        below, done = found[-1], done + len(found)
        progress(done, total)
    return done


def _written(found: Sequence[int]) -> bool:
    """Whether they were; not when somebody held one of them for long."""
    try:
        with transaction.atomic(), giving_way():
            write_entries(found)
    except Busy:
        return False
    return True
