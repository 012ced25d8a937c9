"""Every write of the knowledge base. Each asks for knowledge.write, is audited, and overwrites nothing that was said."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from qushu.cases.actions import Step
from qushu.cases.models import Category
from qushu.cases.rules import SHANGHAI
from qushu.kernel.errors import Missing, Refused, Stale
from qushu.kernel.text import tidy, tidy_line
from qushu.people import audit
from qushu.people.access import Actor, require
from qushu.people.models import Unit

from ..models import Knowledge
from .queries import facts_of, search_words
from .rules import WORDS, Facts, changed_fields

WRITE = "knowledge.write"
LONGEST_ANSWER = 5000


def write_entry(actor: Actor, facts: Facts, now: datetime) -> Knowledge:
    """A new entry. Raises Forbidden for another unit's; Refused for wrong facts or a title that is there already."""
    require(actor, WRITE, unit_ids=(facts.unit_id,))
    facts = _tidied(facts)
    with transaction.atomic():
        _check(facts)
        entry = _save(actor, facts, now)
        audit.record(actor, "knowledge.written", subject_of(entry), data=_said(facts), now=now)
    return entry


def change_entry(actor: Actor, entry_id: int, facts: Facts, reason: str, now: datetime) -> Knowledge:
    """A new version, which takes over on its `valid_from`; the entry as it is when nothing differs.

    Raises Missing, Forbidden; Stale when somebody wrote a version meanwhile; Refused without a reason or for wrong facts.
    """
    facts = _tidied(facts)
    with transaction.atomic():
        old = _newest(actor, entry_id)
        require(actor, WRITE, unit_ids=(facts.unit_id,))
        changed = changed_fields(facts_of(old), facts)
        if not changed:
            return old
        if not reason.strip():
            raise Refused("请写明修改原因。没有保存。", code="empty", field="reason")
        _check(facts, old)
        entry = _save(actor, facts, now, old)
        said = {"version": [old.version, entry.version], "changed": [WORDS[name] for name in changed]}
        audit.record(actor, "knowledge.changed", subject_of(entry), tidy_line(reason), said, now=now)
    return entry


def retire_entry(actor: Actor, entry_id: int, reason: str, now: datetime) -> Knowledge:
    """Use it no more, from today on. Raises Missing, Forbidden, Stale; Refused without a reason or when it ended already."""
    today = timezone.localdate(now, SHANGHAI)
    with transaction.atomic():
        entry = _newest(actor, entry_id)
        if not reason.strip():
            raise Refused("请写明停用原因。没有停用。", code="empty", field="reason")
        if entry.valid_to is not None and entry.valid_to <= today:
            raise Refused(f"这一条已于 {entry.valid_to} 失效，不需要再停用。", code="knowledge_ended")
        before, entry.valid_to = entry.valid_to, max(today, entry.valid_from)
        entry.save(update_fields=["valid_to"])
        said = audit.changes({"valid_to": before and str(before)}, {"valid_to": str(entry.valid_to)})
        audit.record(actor, "knowledge.retired", subject_of(entry), tidy_line(reason), said, now=now)
    return entry


def confirm_entry(actor: Actor, entry_id: int, review_on: date, now: datetime) -> Knowledge:
    """Somebody looked at it again and it holds: the next look. Raises Missing, Forbidden, Stale, Refused for a past day."""
    with transaction.atomic():
        entry = _newest(actor, entry_id)
        if review_on <= timezone.localdate(now, SHANGHAI):
            raise Refused("下次复核日期应在今天之后。没有保存。", code="knowledge_review", field="review_on")
        before, entry.review_on = entry.review_on, review_on
        entry.save(update_fields=["review_on"])
        said = audit.changes({"review_on": before and str(before)}, {"review_on": str(review_on)})
        audit.record(actor, "knowledge.confirmed", subject_of(entry), data=said, now=now)
    return entry


def count_use(step: Step) -> None:
    """An answer was given with an entry: counted on its newest version, in the transaction of the answer, once."""
    used = step.record.get("knowledge")
    entry = Knowledge.objects.filter(pk=used).first() if used else None
    if entry is not None:
        same = Q(pk=entry.pk) | Q(first=entry.first_id or entry.pk)
        Knowledge.objects.filter(same, replaced_by__isnull=True).update(uses=F("uses") + 1)


def subject_of(entry: Knowledge) -> str:
    """The audit's name of an entry, the same for all its versions."""
    return f"knowledge:{entry.first_id or entry.pk}"


def _newest(actor: Actor, entry_id: int) -> Knowledge:
    """The entry, locked, when this person may write it and nobody replaced it."""
    entry = Knowledge.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise Missing("没有这一条知识。请回到列表。")
    require(actor, WRITE, unit_ids=(entry.unit_id,))
    if entry.replaced_by_id is not None:
        raise Stale("别人刚写了新的版本，您的内容没有保存，还在页面上。请看过新版本再改。")
    return entry


def _save(actor: Actor, facts: Facts, now: datetime, old: Knowledge | None = None) -> Knowledge:
    entry = Knowledge(**vars(facts), written_by_id=actor.account_id, written_at=now)
    if old is not None:
        entry.version, entry.first_id, entry.uses = old.version + 1, old.first_id or old.pk, old.uses
    entry.words = search_words(facts.title, facts.keywords, facts.answer)
    entry.save(force_insert=True)
    if old is not None:
        old.replaced_by = entry
        old.save(update_fields=["replaced_by"])
    return entry


def _tidied(facts: Facts) -> Facts:
    return replace(
        facts,
        title=tidy_line(facts.title),
        answer=tidy(facts.answer),
        keywords=tidy_line(facts.keywords),
        basis=tidy_line(facts.basis),
    )


def _check(facts: Facts, old: Knowledge | None = None) -> None:
    for name, longest in (("title", 150), ("answer", LONGEST_ANSWER), ("keywords", 200), ("basis", 200)):
        value = getattr(facts, name)
        if not value and name in ("title", "answer"):
            raise Refused(f"请填写{WORDS[name]}。没有保存。", code="empty", field=name)
        if len(value) > longest:
            raise Refused(f"{WORDS[name]}有 {len(value)} 字，最多 {longest} 字。没有保存。", code="long", field=name)
    if facts.valid_to is not None and facts.valid_to <= facts.valid_from:
        raise Refused("失效日期应在生效日期之后。没有保存。", code="knowledge_span", field="valid_to")
    if old is not None and facts.valid_from < old.valid_from:
        raise Refused(
            f"新版本的生效日期不能早于现在这一版（{old.valid_from}）。没有保存。",
            code="knowledge_span",
            field="valid_from",
        )
    same = Knowledge.objects.filter(title=facts.title, replaced_by__isnull=True).values_list("pk", flat=True)
    if set(same) - {old.pk if old else None}:
        raise Refused(
            "已有同一标题的条目，请修改那一条，或换一个标题。没有保存。", code="knowledge_title", field="title"
        )


def _said(facts: Facts) -> dict[str, Any]:
    unit = Unit.objects.filter(pk=facts.unit_id).first() if facts.unit_id else None
    category = Category.objects.filter(pk=facts.category_id).first() if facts.category_id else None
    return {
        "name": facts.title,
        "unit": unit.name if unit else "",
        "category": str(category or ""),
        "valid_from": str(facts.valid_from),
        "valid_to": str(facts.valid_to or ""),
    }
