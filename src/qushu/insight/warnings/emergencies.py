"""Safety and traffic emergencies: one case is enough, and it is said at once."""

from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from qushu.cases.actions import Step, after_move
from qushu.cases.models import Case
from qushu.insight.understanding.models import SafetyWord
from qushu.insight.understanding.safety import Danger, Word, dangers_in

from .actions import Found, report
from .models import Kind, Warning, WarningCase, WarningRule
from .ruling import emergency_ground, emergency_level

OLDEST = timedelta(days=1)
MOVES = ("accept", "register", "correct")


def join_moves() -> None:
    """Look at a case as soon as it is marked urgent; called when Django starts."""
    for move in MOVES:
        after_move(move, look_soon)


def look_soon(step: Step) -> None:
    """The narrow mark: a case that is or says it is urgent is looked at by the worker once the move is committed."""
    if is_urgent(step.case):
        case_id = step.case.pk
        transaction.on_commit(lambda: _defer(case_id))


def word_table() -> dict[str, Word]:
    """The words of danger in use."""
    return {row.word: Word(row.kind, row.major) for row in SafetyWord.objects.filter(active=True)}


def look_at_case(case_id: int, now: datetime) -> Warning | None:
    """Raise or widen the emergency that this case tells of as a fact; None when it tells of none, or is of an old day."""
    case = Case.objects.select_related("statement", "area", "street").filter(pk=case_id).first()
    if case is None or case.accepted_at < now - OLDEST or case.state in ("void", "declined"):
        return None
    return look(case, word_table(), now)


def look_at_newest(since: datetime, now: datetime) -> int:
    """Look at all cases accepted since then, whatever they were marked with (index: case_newest). Returns how many spoke."""
    table = word_table()
    cases = Case.objects.select_related("statement", "area", "street").filter(accepted_at__gt=since)
    known = set(
        WarningCase.objects.filter(
            case__accepted_at__gt=since, warning__kind__in=(Kind.safety, Kind.traffic)
        ).values_list("case_id", flat=True)
    )
    fresh = (case for case in cases.exclude(state="void").order_by("accepted_at") if case.pk not in known)
    return sum(look(case, table, now) is not None for case in fresh)


def look(case: Case, table: dict[str, Word], now: datetime) -> Warning | None:
    """The warning that this case raises or joins; None when its words tell of no danger as a fact."""
    facts = facts_in(f"{case.title}。{case.statement.text}", table)
    if not facts:
        return None
    kind = kind_of(facts)
    rule = WarningRule.objects.get(kind=kind)
    if not rule.active:
        return None
    with transaction.atomic():
        return report(_found(case, kind, facts, rule, now), rule, now)


def facts_in(text: str, table: dict[str, Word]) -> list[Danger]:
    """The dangers that a text tells as facts."""
    return [one for one in dangers_in(text, table) if one.is_fact]


def kind_of(facts: list[Danger]) -> Kind:
    """Traffic when every danger is one of traffic, else safety."""
    return Kind.traffic if all(one.kind == "traffic" for one in facts) else Kind.safety


def end_old(now: datetime) -> int:
    """End emergencies that no further case has joined within their rule's window. Returns how many."""
    ended = 0
    for rule in WarningRule.objects.filter(kind__in=(Kind.safety, Kind.traffic)):
        old = Warning.objects.filter(
            kind=rule.kind, ended_at__isnull=True, updated_at__lt=now - timedelta(hours=rule.hours)
        )
        ended += old.update(ended_at=now)
    return ended


def _found(case: Case, kind: str, facts: list[Danger], rule: WarningRule, now: datetime) -> Found:
    area = case.area or case.street
    series = f"{facts[0].kind}:{area.pk if area else 0}"
    before = Warning.objects.filter(kind=kind, series=series, ended_at__isnull=True).first()
    others = list(before.rows.exclude(case=case).values_list("case__number", flat=True)) if before else []
    label = SafetyWord.Kind(facts[0].kind).label
    place = area.name if area else ""
    return Found(
        kind=kind,
        series=series,
        title=f"{place}{label}",
        ground=emergency_ground(place, [one.word for one in facts], [case.number, *others]),
        level=emergency_level(len(others) + 1, any(one.major for one in facts), is_urgent(case)),
        since=min(case.accepted_at, before.since) if before else case.accepted_at,
        observed=len(others) + 1,
        category_id=case.category_id,
        area_id=area.pk if area else None,
        case_ids=(case.pk,),
    )


def is_urgent(case: Case) -> bool:
    """Whether its urgency or a mark says so."""
    return case.urgency == Case.Urgency.urgent or "urgent" in case.marks


def _defer(case_id: int) -> None:
    app.configure_task("qushu.insight.warnings.jobs.look_at_urgent_case", allow_unknown=False).defer(case_id=case_id)
