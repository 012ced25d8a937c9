"""紧急词 and 派单目录: every write. A line of the catalogue is ended and followed by another, so that its past stays."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from qushu.cases.models import Category
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy_line
from qushu.people import audit
from qushu.people.access import Actor, require
from qushu.people.models import Unit
from qushu.places.models import Area

from ..models import CatalogueEntry, UrgentWord
from .queries import overlapping

WRITE = "codes.write"
MARKS = dict(UrgentWord._meta.get_field("mark").flatchoices)
EMERGENCY_NUMBERS = ("110", "119", "120", "122")


@dataclass(frozen=True)
class WordFacts:
    """A word, the mark it gives a case, and the emergency number that the desk shows."""

    word: str
    mark: str
    emergency_number: str = ""
    active: bool = True


@dataclass(frozen=True)
class EntryFacts:
    """A line of the catalogue: whose the matter is, in the whole district or one area. Either a unit or the street office."""

    category: Category
    area: Area | None = None
    lead_unit: Unit | None = None
    to_street_office: bool = False
    assisting: tuple[Unit, ...] = ()
    legal_basis: str = ""


def add_word(actor: Actor, facts: WordFacts, now: datetime) -> UrgentWord:
    """A new urgent word. Raises Forbidden; Refused when it is there already or too short to mean anything."""
    require(actor, WRITE)
    facts = _tidied(facts)
    _check_word(facts, 0)
    with transaction.atomic():
        word = UrgentWord.objects.create(**vars(facts))
        audit.record(actor, "urgent_word.added", f"urgent_word:{word.pk}", data=_said({}, facts), now=now)
    return word


def change_word(actor: Actor, word_id: int, facts: WordFacts, now: datetime) -> UrgentWord:
    """Change a word, switch it off or on. Cases that were marked keep their marks."""
    require(actor, WRITE)
    facts = _tidied(facts)
    with transaction.atomic():
        word = UrgentWord.objects.select_for_update().filter(pk=word_id).first()
        if word is None:
            raise Missing("没有这个紧急词。")
        _check_word(facts, word.pk)
        said = _said({name: getattr(word, name) for name in vars(facts)}, facts)
        if said:
            UrgentWord.objects.filter(pk=word.pk).update(**vars(facts))
            audit.record(actor, "urgent_word.changed", f"urgent_word:{word.pk}", data=said, now=now)
    word.refresh_from_db()
    return word


def add_entry(actor: Actor, facts: EntryFacts, since: date, until: date | None, now: datetime) -> CatalogueEntry:
    """A new line, in force from `since` up to and without `until` (None: for good).

    Raises Forbidden; Refused when it names no unit or both, an inactive one, or overlaps with another line.
    """
    require(actor, WRITE)
    _check_entry(facts, since, until)
    with transaction.atomic():
        _one_at_a_time()
        _refuse_overlap(facts, since, until, 0)
        entry = _write(facts, since, until)
        audit.record(actor, "catalogue.added", subject_of(entry), data=audit.changes({}, shown(entry)), now=now)
    return entry


def change_entry(
    actor: Actor, entry_id: int, facts: EntryFacts, since: date, until: date | None, now: datetime
) -> CatalogueEntry:
    """Let a line say something else from `since` on: the old one ends there and another follows.

    A line that hasn't been in force before `since` is changed itself. Raises as `add_entry`; Refused for one that ended.
    """
    require(actor, WRITE)
    _check_entry(facts, since, until)
    with transaction.atomic():
        _one_at_a_time()
        old = _entry(entry_id)
        if old.effective_to is not None and old.effective_to <= _today(now):
            raise Refused("这一条已经停用，请新增一条。没有改动。", code="catalogue_ended")
        if since < _today(now) and since != old.effective_from:
            raise Refused("生效日期不能早于今天。没有改动。", code="catalogue_past", field="since")
        before = shown(old)
        _refuse_overlap(facts, since, until, old.pk)
        if since <= old.effective_from:
            new = _write(facts, since, until, old)
        else:
            CatalogueEntry.objects.filter(pk=old.pk).update(effective_to=since)
            new = _write(facts, since, until)
        said = audit.changes(before, shown(new))
        if not said:
            raise Refused("内容与现在相同。没有改动。", code="catalogue_same")
        audit.record(actor, "catalogue.changed", subject_of(new), data=said, now=now)
    return new


def end_entry(actor: Actor, entry_id: int, until: date, now: datetime, reason: str = "") -> CatalogueEntry:
    """The line is in force up to and without the day `until`."""
    require(actor, WRITE)
    with transaction.atomic():
        entry = _entry(entry_id)
        if entry.effective_to is not None and entry.effective_to <= _today(now):
            raise Refused("这一条已经停用。没有改动。", code="catalogue_ended")
        if until < _today(now):
            raise Refused("停用日期不能早于今天。没有改动。", code="catalogue_past", field="until")
        before = shown(entry)
        entry.effective_to = max(until, entry.effective_from)
        entry.save(update_fields=["effective_to"])
        audit.record(actor, "catalogue.ended", subject_of(entry), reason, audit.changes(before, shown(entry)), now=now)
    return entry


def carry_over(actor: Actor, category: Category, into: Category, now: datetime) -> str:
    """When a category is merged: its lines end today; where the other has none that overlaps, they go on under it."""
    today, ended, carried = _today(now), 0, 0
    for entry in CatalogueEntry.objects.filter(category=category).exclude(effective_to__lte=today):
        facts, until = facts_of(entry), entry.effective_to
        end_entry(actor, entry.pk, today, now, f"并入“{into.name}”")
        ended += 1
        since = max(today, entry.effective_from)
        if not overlapping(into.pk, facts.area.pk if facts.area else None, since, until, 0):
            moved = {name: getattr(facts, name) for name in facts.__dataclass_fields__} | {"category": into}
            add_entry(actor, EntryFacts(**moved), since, until, now)
            carried += 1
    return f"派单目录停用 {ended} 条，沿用 {carried} 条" if ended else ""


def facts_of(entry: CatalogueEntry) -> EntryFacts:
    """What the line says."""
    assisting = tuple(entry.assisting.order_by("code"))
    return EntryFacts(entry.category, entry.area, entry.lead_unit, entry.to_street_office, assisting, entry.legal_basis)


def subject_of(entry: CatalogueEntry) -> str:
    """How the audit trail names a line."""
    return f"catalogue:{entry.pk}"


def shown(entry: CatalogueEntry) -> dict[str, object]:
    """The line in words, for the audit trail."""
    return {
        "category": entry.category.full_name,
        "area": entry.area.name if entry.area else "全区",
        "lead_unit": "属地街道" if entry.to_street_office else str(entry.lead_unit),
        "assisting": "、".join(entry.assisting.order_by("code").values_list("name", flat=True)),
        "legal_basis": entry.legal_basis,
        "effective_from": entry.effective_from.isoformat(),
        "effective_to": entry.effective_to.isoformat() if entry.effective_to else "",
    }


def _tidied(facts: WordFacts) -> WordFacts:
    return WordFacts(tidy_line(facts.word), facts.mark, facts.emergency_number.strip(), facts.active)


def _said(before: dict[str, object], facts: WordFacts) -> dict[str, list]:
    def words(values: dict[str, object]) -> dict[str, object]:
        return values | {"mark": MARKS.get(str(values.get("mark")), "")} if values else values

    return audit.changes(words(before), words(dict(vars(facts))))


def _check_word(facts: WordFacts, own: int) -> None:
    fault, field = "", "word"
    if not 2 <= len(facts.word) <= 30:
        fault = "紧急词须为 2 到 30 个字"
    elif facts.mark not in MARKS:
        fault, field = "请选择标记", "mark"
    elif facts.emergency_number and not (facts.emergency_number.isdigit() and 3 <= len(facts.emergency_number) <= 10):
        fault, field = "应急电话须为 3 到 10 位数字", "emergency_number"
    elif UrgentWord.objects.filter(word=facts.word).exclude(pk=own).exists():
        fault = f"已有“{facts.word}”"
    if fault:
        raise Refused(f"{fault}。没有改动。", code="urgent_word", field=field)


def _check_entry(facts: EntryFacts, since: date, until: date | None) -> None:
    fault, field = "", ""
    units = [unit for unit in (facts.lead_unit, *facts.assisting) if unit is not None]
    inactive = next((unit.name for unit in units if not unit.active), "")
    if facts.to_street_office == (facts.lead_unit is not None):
        fault, field = "请选择主办单位，或派属地街道，二者选一", "lead_unit"
    elif not facts.category.active:
        fault, field = f"类别“{facts.category.name}”已停用", "category"
    elif inactive:
        fault = f"单位“{inactive}”已停用"
    elif facts.lead_unit is not None and facts.lead_unit in facts.assisting:
        fault, field = "主办单位不能同时协办", "assisting"
    elif until is not None and until <= since:
        fault, field = "失效日期须晚于生效日期", "until"
    if fault:
        raise Refused(f"{fault}。没有改动。", code="catalogue", field=field)


def _one_at_a_time() -> None:
    """Two lines that overlap can't be written at once: the lock lasts until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dispatch catalogue'))")


def _refuse_overlap(facts: EntryFacts, since: date, until: date | None, own: int) -> None:
    found = overlapping(facts.category.pk, facts.area.pk if facts.area else None, since, until, own)
    # The line that is changed ends where the new one begins, and doesn't overlap with it.
    if found:
        other = found[0]
        ends = f"到 {other.effective_to}" if other.effective_to else "长期"
        unit = "属地街道" if other.to_street_office else str(other.lead_unit)
        raise Refused(
            f"与目录 {other.pk}（{other.category.name}，{other.area or '全区'}，{unit}，{other.effective_from} 起{ends}）"
            "的时间重叠。没有改动。请先停用或修改那一条。",
            code="catalogue_overlap",
            field="since",
        )


def _entry(entry_id: int) -> CatalogueEntry:
    found = CatalogueEntry.objects.select_for_update(of=("self",)).select_related("category", "area", "lead_unit")
    entry = found.filter(pk=entry_id).first()
    if entry is None:
        raise Missing("没有这条派单目录。")
    return entry


def _write(facts: EntryFacts, since: date, until: date | None, entry: CatalogueEntry | None = None) -> CatalogueEntry:
    entry = entry or CatalogueEntry()
    entry.category, entry.area = facts.category, facts.area
    entry.to_street_office, entry.lead_unit = facts.to_street_office, facts.lead_unit
    entry.legal_basis = tidy_line(facts.legal_basis)
    entry.effective_from, entry.effective_to = since, until
    entry.save()
    entry.assisting.set(facts.assisting)
    return entry


def _today(now: datetime) -> date:
    return timezone.localdate(now)
