"""追问: whether a case asks about an earlier order: by its number, or by the same caller and the same thing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from qushu.cases.actions import hides_caller
from qushu.cases.models import Case
from qushu.cases.queries import callers_known, case_by_number, visible_cases
from qushu.insight.belonging.following import Asked, Call, likeliest, numbers_in, vector_of, weighed
from qushu.insight.belonging.weighing import Vector, Weights
from qushu.kernel.errors import Forbidden, Missing
from qushu.people import audit
from qushu.people.access import Actor, may_at_all

from . import reading
from .models import FollowUpLink

LONGEST_AGO: Final = timedelta(days=180)
ENOUGH: Final = 0.6
"""The same caller (0.3) and words that are alike to 0.3: less is another thing of the same person."""
MOST_EARLIER: Final = 30
SHOWN: Final = 3


@dataclass(frozen=True)
class Candidate:
    """An earlier case that this one may ask about: how much speaks for it, why, and what a person decided."""

    case: Case
    score: float
    reason: str
    decided: FollowUpLink | None


def candidates(actor: Actor, case: Case) -> list[Candidate]:
    """The likeliest earlier cases that the actor may see: those it quotes, and the same caller's about the same thing.

    Weighed by `belonging.following`, as the files are on which it is measured. Index: case_caller.
    """
    learned = reading.weights() or Weights(0, {})  # before the first night a quoted number is found all the same
    earlier = {one.number: one for one in [*_same_caller(actor, case), *_quoted(actor, case)]}
    asking = _call_of(actor, case)
    vector = vector_of(asking, learned)
    found = likeliest(_enough(asking, vector, _call_of(actor, other), learned) for other in earlier.values())
    decided = {link.earlier_id: link for link in FollowUpLink.objects.filter(case=case).select_related("decided_by")}
    return [
        Candidate(earlier[one.number], one.score, one.reason, decided.get(earlier[one.number].pk))
        for one in found[:SHOWN]
    ]


def decide(actor: Actor, case: Case, earlier_number: str, accepted: bool, now: datetime) -> FollowUpLink:
    """Keep what a person decided; a later decision replaces it, both are audited. Raises Forbidden, Missing."""
    if not may_at_all(actor, "matters.write"):
        raise Forbidden("您的账号不能确认追问关系。什么也没有改变。")
    earlier = case_by_number(actor, earlier_number)
    if earlier is None or earlier.pk == case.pk:
        raise Missing("没有这个诉求件。请核对编号。")
    reason = next((one.reason for one in candidates(actor, case) if one.case.pk == earlier.pk), "由人工指定")
    facts = {"accepted": accepted, "reason": reason, "decided_at": now, "decided_by_id": actor.account_id}
    with transaction.atomic():
        link, _ = FollowUpLink.objects.update_or_create(case=case, earlier=earlier, defaults=facts)
        data = {"accepted": accepted, "cases": [earlier.number]}
        audit.record(actor, "follow_up_link.decided", f"case:{case.number}", reason, data, now=now)
    return link


def _call_of(actor: Actor, case: Case) -> Call:
    """The case as it is weighed: without its caller where the actor may not know who called."""
    caller = "" if case.caller_index is None or hides_caller(actor, case) else bytes(case.caller_index).hex()
    text = f"{case.title}\n{case.statement.text}"
    return Call(case.number, case.accepted_at.isoformat(), text, caller, case.statement.place)


def _enough(asking: Call, vector: Vector, other: Call, learned: Weights) -> Asked | None:
    found = weighed(asking, vector, other, vector_of(other, learned))
    return found if found and found.score >= ENOUGH else None


def _quoted(actor: Actor, case: Case) -> list[Case]:
    """The earlier cases whose numbers the case says."""
    numbers = numbers_in(f"{case.title}\n{case.statement.text}")
    ours = [number for number in numbers if number.startswith(settings.QUSHU_NUMBER_PREFIX.upper())]
    found = (case_by_number(actor, number, related=("statement",)) for number in ours[:SHOWN])
    return [one for one in found if one is not None and one.pk != case.pk and one.accepted_at <= case.accepted_at]


def _same_caller(actor: Actor, case: Case) -> list[Case]:
    """The newest earlier cases of the caller; none where the actor may not know who called."""
    if case.caller_index is None or hides_caller(actor, case):
        return []
    earlier = callers_known(visible_cases(actor), actor).filter(
        caller_index=case.caller_index,
        accepted_at__lt=case.accepted_at,
        accepted_at__gte=case.accepted_at - LONGEST_AGO,
    )
    return list(earlier.select_related("statement").order_by("-accepted_at")[:MOST_EARLIER])
