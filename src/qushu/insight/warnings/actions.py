"""Everything that is written about warnings: raised and followed by the worker, answered by people, ruled by administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.db import transaction

from qushu.kernel.errors import Missing, Refused
from qushu.people import audit
from qushu.people.access import Actor, require
from qushu.people.actions import notify

from .models import Level, Outcome, Tuning, Warning, WarningCase, WarningEvent, WarningRule
from .ruling import COUNTED, answer_due, needed, tuned
from .telling import tell

LEAST_MINUTES = 5


@dataclass(frozen=True)
class Found:
    """What a look found of one event: everything a warning shows. ``series`` names it among those of its kind."""

    kind: str
    series: str
    title: str
    ground: str
    level: int
    since: datetime
    observed: int
    expected: float = 0.0
    category_id: int | None = None
    area_id: int | None = None
    unit_id: int | None = None
    word: str = ""
    case_ids: Sequence[int] = field(default_factory=tuple)
    chart: dict[str, Any] = field(default_factory=dict)
    strength: float = 0.0

    @property
    def columns(self) -> dict[str, Any]:
        """What a new warning's row says of it."""
        said = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "case_ids"}
        return said | {"title": self.title[:120], "ground": self.ground[:400]}


def report(found: Found, rule: WarningRule, now: datetime, warning_id: int | None = None) -> Warning:
    """Raise a warning, or give the one that runs for this series (or ``warning_id``) its new figures.

    A level rises and never falls while the event runs; each level is told once. Returns the warning.
    """
    with transaction.atomic():
        running = Warning.objects.select_for_update().filter(ended_at__isnull=True, kind=found.kind)
        warning = running.filter(pk=warning_id).first() if warning_id else running.filter(series=found.series).first()
        if warning is None:
            warning = _raise(found, rule, now)
        else:
            _update(warning, found, rule, now)
        WarningCase.objects.bulk_create(
            [WarningCase(warning=warning, case_id=case_id) for case_id in found.case_ids], ignore_conflicts=True
        )
        tell(warning, rule, now)
        return warning


def not_tuned_away(found: Sequence[Found], rule: WarningRule) -> list[Found]:
    """Those of a counted kind that are enough also where people's answers made a series stricter."""
    series = [one.series for one in found]
    factors = dict(Tuning.objects.filter(kind=rule.kind, series__in=series).values_list("series", "factor"))
    return [
        one
        for one in found
        if max(one.observed, one.expected) >= needed(rule.least, max(1.0, factors.get(one.series, 1.0)))
    ]


def report_all(found: Sequence[Found], rule: WarningRule, now: datetime) -> int:
    """Report what a look found of a kind, and end what runs of it and was not found again. Returns how many were found."""
    if rule.kind in COUNTED:
        found = not_tuned_away(found, rule)
    for one in found:
        report(one, rule, now)
    gone = Warning.objects.filter(kind=rule.kind, ended_at__isnull=True).exclude(
        series__in=[one.series for one in found]
    )
    for warning in gone:
        end_warning(warning, now)
    return len(found)


def end_warning(warning: Warning, now: datetime) -> None:
    """The event is over: its figures stand as they are; the warning waits for its outcome."""
    with transaction.atomic():
        if Warning.objects.filter(pk=warning.pk, ended_at__isnull=True).update(ended_at=now, updated_at=now):
            _note(warning, "ended", now, None, f"件数已回落到常态，共 {warning.observed} 件。")


def note_past(warning: Warning, levels: Mapping[int, datetime], ended: datetime) -> None:
    """Write the history of a warning found in hindsight: when each level would have been reached, and when it was over."""
    for nth, (level, at) in enumerate(sorted(levels.items(), key=lambda one: one[1])):
        said = (
            f"{Level(level).label}。事后载入的工单，补看所得，当时没有通知。" if nth == 0 else str(Level(level).label)
        )
        _note(warning, "risen" if nth else "raised", at, None, said)
    _note(warning, "ended", ended, None, f"件数已回落到常态，共 {warning.observed} 件。")


def acknowledge(actor: Actor, warning_id: int, now: datetime) -> Warning:
    """确认: somebody has seen it and goes on with it. Raises Forbidden, Missing, Refused when it is already."""
    require(actor, "warnings.answer")
    with transaction.atomic():
        warning = _locked(warning_id)
        if warning.hindsight:
            raise Refused("这条预警是事后补看所得，没有确认时限，不需要确认；可以直接给出结论。")
        if warning.acknowledged_at is not None:
            raise Refused("这条预警已经确认过。什么也没有改变。")
        warning.acknowledged_at, warning.acknowledged_by_id = now, actor.account_id
        if warning.state == Warning.State.raised:
            warning.state = Warning.State.acknowledged
        warning.save(update_fields=["acknowledged_at", "acknowledged_by", "state"])
        late = " 超过确认时限。" if now > warning.answer_due_at else ""
        _note(warning, "acknowledged", now, actor, late.strip())
        return warning


def conclude(actor: Actor, warning_id: int, outcome: str, words: str, now: datetime) -> Warning:
    """结论: true, false or known, with a note; closes the warning and tunes its series.

    An event that still runs goes on to take its cases in, so that it isn't raised anew; a higher level is told again.

    Raises Forbidden, Missing, Refused for an unknown outcome, for one that stands already, and for a false alarm without
    words: without the reason nobody could check what the machine learned from it.
    """
    require(actor, "warnings.answer")
    if outcome not in Outcome.values:
        raise Refused("请选择结论：属实、误报或已知情况。没有保存。", field="outcome")
    if outcome == Outcome.false and not words.strip():
        raise Refused("判为误报须写明理由。没有保存。", field="words")
    with transaction.atomic():
        warning = _locked(warning_id)
        if warning.outcome:
            raise Refused("这条预警已有结论。什么也没有改变。")
        warning.outcome, warning.state, warning.closed_at = outcome, Warning.State.closed, now
        if warning.acknowledged_at is None and not warning.hindsight:
            warning.acknowledged_at, warning.acknowledged_by_id = now, actor.account_id
        warning.save(update_fields=["outcome", "state", "closed_at", "acknowledged_at", "acknowledged_by"])
        said = f"{Outcome(outcome).label}：{words.strip()}" if words.strip() else str(Outcome(outcome).label)
        _note(warning, "judged", now, actor, said)
        _learn(warning, outcome, now)
        return warning


def add_note(actor: Actor, warning_id: int, words: str, now: datetime) -> None:
    """备注: what was found out or done. Raises Forbidden, Missing, Refused when there are no words."""
    require(actor, "warnings.answer")
    if not words.strip():
        raise Refused("请写明内容。没有保存。", field="words")
    with transaction.atomic():
        _note(_locked(warning_id), "noted", now, actor, words.strip())


def change_rule(actor: Actor, kind: str, facts: dict[str, object], now: datetime) -> WarningRule:
    """Change the rule of a kind; audited with what was before. Raises Forbidden, Missing, Refused for impossible figures."""
    require(actor, "warnings.write")
    if int(str(facts["answer_minutes"])) < LEAST_MINUTES:
        raise Refused(f"确认时限至少 {LEAST_MINUTES} 分钟。没有保存。", field="answer_minutes")
    with transaction.atomic():
        rule = WarningRule.objects.select_for_update().filter(kind=kind).first()
        if rule is None:
            raise Missing("没有这种预警。")
        before = {name: getattr(rule, name) for name in facts}
        for name, value in facts.items():
            setattr(rule, name, value)
        rule.save()
        audit.record(actor, "warnings.rule_changed", f"warning_rule:{kind}", data=audit.changes(before, facts), now=now)
        return rule


def forget_tuning(actor: Actor, kind: str, series: str, now: datetime) -> None:
    """Look at a series as the rule says again. Raises Forbidden, Missing."""
    require(actor, "warnings.write")
    with transaction.atomic():
        tuning = Tuning.objects.select_for_update().filter(kind=kind, series=series).first()
        if tuning is None:
            raise Missing("这个序列没有调整过。")
        audit.record(
            actor,
            "warnings.tuning_forgotten",
            f"warning_series:{kind}:{series}",
            data={"factor": [tuning.factor, 1.0]},
            now=now,
        )
        tuning.delete()


def press_unanswered(now: datetime, most: int = 100) -> int:
    """Tell the leaders of warnings that nobody acknowledged in time, each once. Returns how many."""
    with transaction.atomic():
        overdue = Warning.objects.select_for_update(skip_locked=True).filter(
            state=Warning.State.raised, answer_due_at__lt=now, pressed_at__isnull=True
        )[:most]
        for warning in overdue:
            notify(
                f"预警超时未确认：{warning.title}",
                f"/warnings/{warning.pk}/",
                now=now,
                role="supervisor",
                area_id=warning.area_id,
                urgent=True,
            )
            _note(warning, "pressed", now, None, "超过确认时限，已再次提醒督办员。")
            Warning.objects.filter(pk=warning.pk).update(pressed_at=now)
        return len(overdue)


def _raise(found: Found, rule: WarningRule, now: datetime) -> Warning:
    warning = Warning.objects.create(
        **found.columns,
        raised_at=now,
        updated_at=now,
        answer_due_at=answer_due(now, rule.answer_minutes, found.level),
    )
    _note(warning, "raised", now, None, f"{Level(found.level).label}：{found.ground}")
    return warning


def _update(warning: Warning, found: Found, rule: WarningRule, now: datetime) -> None:
    if (
        found.series != warning.series
        and not Warning.objects.filter(kind=found.kind, series=found.series, ended_at__isnull=True).exists()
    ):
        warning.series, warning.category_id, warning.area_id = found.series, found.category_id, found.area_id
        _note(warning, "widened", now, None, f"{warning.title} → {found.title}")
        warning.title = found.title[:120]
    if found.level > warning.level:
        warning.level = found.level
        warning.answer_due_at = min(warning.answer_due_at, answer_due(now, rule.answer_minutes, found.level))
        _note(warning, "risen", now, None, f"{Level(found.level).label}：{found.ground or warning.ground}")
    warning.ground = found.ground[:400] or warning.ground
    warning.observed, warning.expected, warning.strength = found.observed, found.expected, found.strength
    warning.since, warning.updated_at = min(warning.since, found.since), now
    warning.chart = found.chart or warning.chart
    warning.save()


def _learn(warning: Warning, outcome: str, now: datetime) -> None:
    """Tune the series by the answer: false alarms make it stricter, true ones looser, bounded (`ruling.tuned`)."""
    tuning, _ = Tuning.objects.select_for_update().get_or_create(
        kind=warning.kind, series=warning.series, defaults={"changed_at": now}
    )
    tuning.words = warning.title
    tuning.factor = tuned(warning.kind, tuning.factor, outcome)
    setattr(tuning, outcome, getattr(tuning, outcome) + 1)
    tuning.changed_at = now
    tuning.save()


def _locked(warning_id: int) -> Warning:
    warning = Warning.objects.select_for_update().filter(pk=warning_id).first()
    if warning is None:
        raise Missing("没有这条预警。请核对地址。")
    return warning


def _note(warning: Warning, what: str, now: datetime, actor: Actor | None, words: str) -> None:
    WarningEvent.objects.create(
        warning=warning, at=now, what=what, by_id=actor.account_id if actor else None, words=words[:500]
    )
