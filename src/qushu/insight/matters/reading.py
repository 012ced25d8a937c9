"""Cases and matters as they are compared: read from the tables, in portions."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from qushu.cases.models import Case
from qushu.cases.rules import title_of
from qushu.insight.belonging.weighing import Weights
from qushu.insight.understanding.models import SafetyWord
from qushu.insight.understanding.safety import Word

from .figures import THREATS, Said
from .joining import Body, Limits, Told, signed, spot_of
from .models import Matter, MatterRule, Membership, WordWeights

AT_ONCE = 2_000
LEFT_OUT = ("void", "declined")
COLUMNS = (
    "pk",
    "accepted_at",
    "caller_index",
    "street_id",
    "area_id",
    "category_id",
    "category__parent",
    "kind",
    "title",
    "statement__text",
    "lead_unit_id",
    "statement__place",
    "street__name",
    "area__name",
    "marks",
)
LEARNED_FROM = 60_000
_KEPT: dict[int, Weights] = {}


def rule() -> MatterRule:
    """The row of settings; the defaults while there is none."""
    return MatterRule.objects.first() or MatterRule()


def limits_of(row: MatterRule) -> Limits:
    """The settings as the pure functions take them."""
    return Limits(row.people, row.join, row.days)


def complaints() -> QuerySet[Case]:
    """Cases that can be part of a matter: neither praise nor what was declined."""
    return Case.objects.exclude(kind=Case.Kind.praise).exclude(state__in=LEFT_OUT)


def weights() -> Weights | None:
    """The word weights in use, read once per process; None before any were learned."""
    newest = WordWeights.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return None
    if newest not in _KEPT:
        _KEPT.clear()
        _KEPT[newest] = Weights.from_bytes(bytes(WordWeights.objects.get(pk=newest).data))
    return _KEPT[newest]


def learn_weights(now: datetime) -> Weights:
    """Learn the weights from the newest cases and keep them; the row before the last is forgotten."""
    texts = Case.objects.order_by("-accepted_at", "-pk").values_list("title", "statement__text")[:LEARNED_FROM]
    learned = Weights.learn(texts.iterator(chunk_size=AT_ONCE))
    row = WordWeights.objects.create(learned_at=now, texts=learned.texts, data=learned.to_bytes())
    WordWeights.objects.filter(pk__lt=row.pk).delete()
    return learned


def said_of(cases: QuerySet[Case], learned: Weights) -> Iterator[Said]:
    """The cases as they are compared and read, in the order of the query, never all at once in memory."""
    for row in cases.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
        (
            case_id, at, person, street, area, category, group, kind, title, text, unit, place, street_name, area_name, marks,
        ) = row  # fmt: skip
        text = text or ""
        own = title if title != title_of(text) else ""  # nobody typed one: its words stand in the text already
        spot = spot_of(place or "", filter(None, (street_name, area_name)))
        told = Told(
            case_id,
            at,
            bytes(person) if person else None,
            street,
            area,
            category,
            signed(learned.vector(own, text), spot, category, group),
            kind == Case.Kind.consultation,
            spot,
        )
        yield Said(told, own, text, unit, "sensitive" in marks)


def members_of(matter_ids: Iterable[int], learned: Weights) -> dict[int, list[Said]]:
    """The present members of matters, with what is read of them."""
    pairs = dict(
        Membership.objects.filter(matter__in=list(matter_ids), removed_at__isnull=True).values_list(
            "case_id", "matter_id"
        )
    )
    found: dict[int, list[Said]] = {}
    for said in said_of(Case.objects.filter(pk__in=pairs), learned):
        found.setdefault(pairs[said.told.case_id], []).append(said)
    return found


def body_of_matter(matter: Matter) -> Body:
    """A matter's row as it is compared."""
    categories = {matter.category_id} if matter.category_id else set()
    return Body(
        matter.pk,
        matter.cases,
        dict(matter.sums),
        matter.last_at,
        set(matter.streets),
        set(matter.areas),
        categories,
        set(matter.spots),
    )


def threat_table() -> dict[str, Word]:
    """Words of threat in use."""
    rows = SafetyWord.objects.filter(active=True, kind__in=THREATS)
    return {row.word: Word(row.kind, row.major) for row in rows}
