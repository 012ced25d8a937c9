"""Search beside tantivy over the same rows in the same run, and the nearest meanings beside a plain exact search."""

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from qushu.cases.models import Case
from qushu.insight.search.likeness import nearest
from qushu.insight.search.models import Meaning
from qushu.insight.search.placing import space_in_use
from qushu.insight.search.queries import NEWEST, first_cases
from qushu.kernel.search_terms import pairs_in
from qushu.people.access import Actor, GrantValue

from .measure import Figure, p95_ms, timed

PAGE: Final = 20
TIMES: Final = 3
ASKED: Final = 40
WORDS: Final = [
    "路灯",
    "停车",
    "噪音",
    "电梯",
    "井盖",
    "物业",
    "小区",
    "漏水",
    "油烟",
    "工地",
    "消防",
    "公交",
    "垃圾",
    "绿化",
    "拖欠",
    "退款",
    "充电",
    "积水",
    "道路",
    "收费",
]
PHRASES: Final = ("路灯不亮", "消防通道", "电梯故障", "占道经营", "夜间施工", "停车收费")


def search_figures(now: datetime) -> Iterator[Figure]:
    """p95 of two-character words alone and with a filter, of phrases, of meaning; the newest 20 of each. Rows are only read."""
    actor = Actor("bench", (GrantValue("supervisor"),))
    units = [
        str(pk)
        for pk in Case.objects.filter(lead_unit__isnull=False)
        .order_by("-pk")
        .values_list("lead_unit_id", flat=True)[:200:10]
    ]
    with tempfile.TemporaryDirectory() as folder:
        other = _Tantivy(folder)
        plain = [{"q": word} for word in WORDS]
        narrowed = [{"q": word, "unit": units[at % len(units)]} for at, word in enumerate(WORDS)]
        closed = [{"q": word, "state": "closed"} for word in WORDS]
        quoted = [{"q": f'"{phrase}"'} for phrase in PHRASES]
        for what, asked in (
            ("search: a word", plain),
            ("search: a word, one unit", narrowed),
            ("search: a word, closed cases", closed),
            ("search: a phrase", quoted),
        ):
            ours = _all(asked, lambda chosen: _first(actor, chosen, now))
            theirs = _all(asked, other.first)
            yield Figure(what, p95_ms(ours), "ms p95", "tantivy", p95_ms(theirs), _medians(ours, theirs))
    if space_in_use() is not None:
        yield from _meaning_figures()


def _first(actor: Actor, chosen: dict[str, str], now: datetime) -> list[int]:
    found = first_cases(actor, chosen, now).order_by(*NEWEST)
    return [pk for pk, _ in found.values_list("pk", "accepted_at")[: PAGE + 1]]


def _all(asked: Sequence[Any], act: Callable[[Any], object]) -> list[float]:
    return [seconds for one in asked for seconds in timed(lambda one=one: act(one), TIMES, warm_up=1)]  # type: ignore[misc]


def _medians(ours: Sequence[float], theirs: Sequence[float]) -> str:
    return f"medians {statistics.median(ours) * 1000:.1f} and {statistics.median(theirs) * 1000:.1f} ms"


def _meaning_figures() -> Iterator[Figure]:
    """The nearest 50 by the index, beside all rows compared; the note says how many of the exact 20 it found."""
    vectors = list(Meaning.objects.order_by("-pk").values_list("vector", flat=True)[: ASKED * 50 : 50])
    found: list[list[int]] = []
    ours = _all(vectors, lambda vector: found.append([one.case_id for one in nearest(Case.objects.all(), vector)]))
    found = found[:: TIMES + 1]
    exact: list[list[int]] = []
    theirs = _all(vectors, lambda vector: exact.append(_exactly(vector)))
    exact = exact[:: TIMES + 1]
    recall = statistics.mean(len(set(one) & set(right[:PAGE])) / PAGE for one, right in zip(found, exact, strict=True))
    note = f"recall of the nearest {PAGE}: {recall:.3f}; {_medians(ours, theirs)}"
    yield Figure("search: meaning", p95_ms(ours), "ms p95", "all rows compared", p95_ms(theirs), note)


def _exactly(vector: str) -> list[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute(
            "SELECT case_id FROM insight_search_meaning ORDER BY vector <=> %s::halfvec LIMIT %s", [vector, PAGE]
        )
        return [row[0] for row in cursor.fetchall()]


class _Tantivy:
    """An index of all cases: pairs of characters with positions, unit and state as terms, time as a fast field to sort by."""

    def __init__(self, folder: str) -> None:
        import tantivy  # a tool of developers

        self._tantivy = tantivy
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True)
        schema.add_integer_field("at", fast=True)
        schema.add_text_field("said", tokenizer_name="whitespace", index_option="position")
        for name in ("unit", "state"):
            schema.add_text_field(name, tokenizer_name="raw", index_option="basic")
        self._index = tantivy.Index(schema.build(), path=folder)
        self._fill()
        self._searcher = self._index.searcher()

    def _fill(self) -> None:
        writer = self._index.writer(256_000_000, num_threads=1)
        rows = Case.objects.order_by("pk").values_list(
            "pk", "accepted_at", "lead_unit_id", "state", "title", "statement__text"
        )
        for pk, at, unit, state, title, text in rows.iterator(2_000):
            said = f"{title} {text or ''}"
            found = {"id": pk, "at": int(at.timestamp()), "unit": str(unit or ""), "state": state}
            writer.add_document(self._tantivy.Document(**found, said=" ".join(pairs_in(said))))
        writer.commit()
        self._index.reload()

    def first(self, chosen: dict[str, str]) -> list[int]:
        """The newest of what fits."""
        t, schema = self._tantivy, self._index.schema
        text = chosen["q"]
        parts = list(pairs_in(text.strip('"')))
        said = (
            t.Query.phrase_query(schema, "said", parts)
            if len(parts) > 1
            else t.Query.term_query(schema, "said", parts[0])
        )
        must = [(t.Occur.Must, said)]
        must += [
            (t.Occur.Must, t.Query.term_query(schema, name, chosen[name]))
            for name in ("unit", "state")
            if name in chosen
        ]
        hits = self._searcher.search(
            t.Query.boolean_query(must), PAGE + 1, order_by_field="at", order=t.Order.Desc, count=False
        ).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]
