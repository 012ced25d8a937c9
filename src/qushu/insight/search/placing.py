"""Cases get their vectors: new ones within a minute, old ones from the newest backwards, in bounded steps."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from qushu.cases.models import Case
from qushu.kernel.errors import Refused

from .meaning import SIZE, Space, as_halfvec
from .models import Meaning, MeaningSpace

LEARNED_FROM: Final = 20_000
LEAST: Final = 10 * SIZE
STEP: Final = 2_000
LATE: Final = 1_000
"""A case may be committed after one with a higher id: so many ids back it is looked for again."""
BULK: Final = 20_000
_COPY: Final = "COPY placed (case_id, vector) FROM STDIN"
_TAKE: Final = """
INSERT INTO insight_search_meaning (case_id, space_id, vector) SELECT case_id, %s, vector FROM placed
ON CONFLICT (case_id) DO UPDATE SET space_id = excluded.space_id, vector = excluded.vector
"""


def space_in_use() -> MeaningSpace | None:
    """The newest space, without its arrays."""
    return MeaningSpace.objects.defer("data").order_by("-pk").first()


def learn_space(now: datetime) -> MeaningSpace:
    """Learn a space from the newest LEARNED_FROM cases. Raises Refused when there are fewer than LEAST."""
    newest = Case.objects.order_by("-accepted_at", "-id").values_list("title", "statement__text")
    texts = [f"{title} {text or ''}" for title, text in newest[:LEARNED_FROM]]
    if len(texts) < LEAST:
        raise Refused(f"学习意思至少需要 {LEAST} 件工单，现在有 {len(texts)} 件。没有学习。")
    space = Space.learn(texts)
    top = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return MeaningSpace.objects.create(learned_at=now, cases=len(texts), data=space.to_bytes(), high=top, low=top + 1)


def place_new(kept: MeaningSpace) -> int:
    """Vectors for the cases that came since; how many."""
    ids = Case.objects.filter(pk__gt=kept.high - LATE).exclude(meaning__space=kept).order_by("pk")
    found = list(ids.values_list("pk", flat=True)[:STEP])
    if found:
        place(kept, found)
        MeaningSpace.objects.filter(pk=kept.pk, high__lt=found[-1]).update(high=found[-1])
    return len(found)


def place_old(kept: MeaningSpace) -> int:
    """Vectors for the newest STEP cases that were there before the space; 0 when all have theirs."""
    found = list(Case.objects.filter(pk__lt=kept.low).order_by("-pk").values_list("pk", flat=True)[:STEP])
    if found:
        place(kept, found)
        kept.low = found[-1]
        kept.save(update_fields=["low"])
    return len(found)


def place_all(kept: MeaningSpace, progress: Callable[[int, int], None]) -> int:
    """All old cases at once, for the command line: many are written without the index, which is made at the end."""
    total, done = Case.objects.filter(pk__lt=kept.low).count(), 0
    bulk = total >= BULK and not Meaning.objects.filter(space=kept).exists()
    if bulk:
        _run("DROP INDEX IF EXISTS meaning_near")
    while step := place_old(kept):
        done += step
        progress(done, total)
    if bulk:
        _run("CREATE INDEX meaning_near ON insight_search_meaning USING hnsw (vector halfvec_cosine_ops)")
    return done


def place(kept: MeaningSpace, ids: Iterable[int]) -> None:
    """Write the vectors of these cases in one transaction. What says nothing gets none."""
    space = SPACES.get(kept.pk)
    rows = Case.objects.filter(pk__in=list(ids)).values_list("pk", "title", "statement__text")
    lines = []
    for pk, title, text in rows:
        vector = space.vector(f"{title} {text or ''}")
        if vector is not None:
            lines.append(f"{pk}\t{as_halfvec(vector)}\n")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE placed (case_id bigint, vector halfvec({SIZE})) ON COMMIT DROP")
        with cursor.copy(_COPY) as copy:
            copy.write("".join(lines))
        cursor.execute(_TAKE, [kept.pk])
        cursor.execute("DROP TABLE placed")


class Spaces:
    """The space that this process reads texts with: loaded when it is first asked for."""

    def __init__(self) -> None:
        self._pk = 0
        self._held: Space | None = None

    def get(self, pk: int) -> Space:
        """The space with this id."""
        if self._held is None or self._pk != pk:
            data = MeaningSpace.objects.values_list("data", flat=True).get(pk=pk)
            self._held, self._pk = Space.from_bytes(bytes(data)), pk
        return self._held


SPACES = Spaces()


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
