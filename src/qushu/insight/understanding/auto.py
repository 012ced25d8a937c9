"""Dispatch without a person: only when it is switched on, only above the confidence that the wanted accuracy asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from qushu.cases import actions as case_actions
from qushu.cases.actions import Call
from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.hotline.suggestions import SUGGESTER, Matter, Suggestion
from qushu.kernel.errors import Refused
from qushu.people.access import SYSTEM

from .models import AutoDispatch, ModelVersion
from .recording import AUTO_KEY
from .serving import SHELF

FRESH: Final = timedelta(minutes=30)
"""Only cases registered so lately are looked at: what waited when the switch was turned stays with the people."""
AT_ONCE: Final = 200
INSTRUCTION: Final = "系统按历史派单自动派出；不属本单位职责的，请申请退单。"
BY_HAND: Final = frozenset(["sensitive", "threat", "media", "legal", "urgent"])


@dataclass(frozen=True)
class Bar:
    """From what confidence on the wanted accuracy was kept on the newest weeks, and the share of cases it covers."""

    confidence: float
    share: float
    accuracy: float


def bar_for(version: ModelVersion | None, wanted: float) -> Bar | None:
    """The bar of a version for an accuracy from 0 to 1; None when it reaches it nowhere, or there is no version.

    The version keeps a few accuracies; of these the lowest that is not below the wanted one counts.
    """
    for kept, confidence, share, accuracy in version.promises if version else ():
        if kept >= wanted - 1e-9 and share > 0:
            return Bar(confidence, share, accuracy)
    return None


def dispatch_by_itself(now: datetime) -> int:
    """Dispatch what is sure enough, by the same action as a person; how many cases went out.

    Urgent and marked cases, and those that came back, are left to people. A case that somebody else dispatches in the
    same moment is left alone.
    """
    rule = AutoDispatch.objects.filter(switched_on=True).first()
    version = ModelVersion.objects.filter(what=ModelVersion.What.unit, state=ModelVersion.State.in_service).first()
    bar = bar_for(version, float(rule.wanted) / 100) if rule else None
    if bar is None or version is None or SHELF.load_now(ModelVersion.What.unit) is None:
        return 0
    cases = _waiting(now)
    matters = [Matter(one.statement.text, one.category_id, one.place_id) for one in cases]
    found = SUGGESTER.units_for(matters, timezone.localdate(now, SHANGHAI))
    return sum(
        _dispatch(case, units[0], now)
        for case, units in zip(cases, found, strict=True)
        if units and units[0].model == version.name and units[0].score >= bar.confidence
    )


def _waiting(now: datetime) -> Sequence[Case]:
    cases = Case.objects.filter(
        state="registered", closed_at__isnull=True, registered_at__gte=now - FRESH, return_count=0
    ).exclude(urgency=Case.Urgency.urgent)
    waiting = cases.select_related("statement").defer("statement__words").order_by("due_at", "id")[:AT_ONCE]
    return [one for one in waiting if not BY_HAND & set(one.marks)]


def _dispatch(case: Case, first: Suggestion, now: datetime) -> bool:
    call = Call(SYSTEM, now, f"{AUTO_KEY}{case.pk}", case.seq)
    assisting = [unit_id for unit_id, _ in first.assisting]
    shown = case_actions.Suggestion(first.unit_id, first.model, first.score)
    try:
        case_actions.dispatch_case(call, case.pk, first.unit_id, assisting, INSTRUCTION, shown)
    except Refused:
        return False  # somebody acted since it was read, or a rule wants a person: it stays in the queue
    return True
