"""Every write of the table of dangerous words."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy_line
from qushu.people import audit
from qushu.people.access import Actor, require

from .models import SafetyWord

WRITE = "codes.write"
_SHORTEST = 2


@dataclass(frozen=True)
class WordFacts:
    """A word, the kind of danger it tells of, whether that is a major one, whether it is in use."""

    word: str
    kind: str
    major: bool = False
    active: bool = True


def add_word(actor: Actor, facts: WordFacts, now: datetime) -> SafetyWord:
    """A new word. Raises Forbidden; Refused when it is there already or too short to mean anything."""
    require(actor, WRITE)
    facts = _checked(facts, 0)
    with transaction.atomic():
        word = SafetyWord.objects.create(**vars(facts))
        audit.record(actor, "safety_word.added", f"safety_word:{word.pk}", data=_said({}, facts), now=now)
    return word


def change_word(actor: Actor, word_id: int, facts: WordFacts, now: datetime) -> SafetyWord:
    """Change a word, or switch it off or on. Raises Forbidden, Missing, Refused."""
    require(actor, WRITE)
    with transaction.atomic():
        word = SafetyWord.objects.select_for_update().filter(pk=word_id).first()
        if word is None:
            raise Missing("没有这个安全词。")
        facts = _checked(facts, word.pk)
        said = _said({name: getattr(word, name) for name in vars(facts)}, facts)
        if said:
            for name, value in vars(facts).items():
                setattr(word, name, value)
            word.save()
            audit.record(actor, "safety_word.changed", f"safety_word:{word.pk}", data=said, now=now)
    return word


def _said(before: dict[str, object], facts: WordFacts) -> dict[str, list[object]]:
    return audit.changes(before, vars(facts))


def _checked(facts: WordFacts, own_id: int) -> WordFacts:
    word = tidy_line(facts.word).replace(" ", "")
    if len(word) < _SHORTEST:
        raise Refused("一个字的词会误认太多。没有保存；请写两个字以上。", field="word")
    if SafetyWord.objects.filter(word=word).exclude(pk=own_id).exists():
        raise Refused(f"已有“{word}”。没有保存；请在列表中修改它。", field="word")
    if facts.kind not in SafetyWord.Kind.values:
        raise Refused("没有这个安全类别。没有保存。", field="kind")
    return WordFacts(word, facts.kind, facts.major, facts.active)
