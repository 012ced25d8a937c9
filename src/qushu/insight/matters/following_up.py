"""追问: whether a case asks about an earlier order: by its number, or by the same caller and the same thing."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from qushu.cases.actions import hides_caller
from qushu.cases.models import Case
from qushu.cases.queries import case_by_number, visible_cases
from qushu.kernel.errors import Forbidden, Missing
from qushu.people import audit
from qushu.people.access import Actor, may_at_all

from . import reading
from .joining import body_of, likeness, reason_of
from .models import FollowUpLink

LONGEST_AGO: Final = timedelta(days=180)
SAME_THING: Final = 0.3
MOST_EARLIER: Final = 30
SHOWN: Final = 3


@dataclass(frozen=True)
class Candidate:
    """An earlier case that this one may ask about: why, how alike from 0 to 1, and what a person decided."""

    case: Case
    score: float
    reason: str
    decided: FollowUpLink | None


def candidates(actor: Actor, case: Case) -> list[Candidate]:
    """The likeliest earlier cases that the actor may see: those whose number is quoted, then the same caller's (index: case_caller)."""
    found = {one.pk: (1.0, f"内容中提到编号 {one.number}", one) for one in _quoted(actor, case)}
    for score, reason, one in _same_caller(actor, case):
        found.setdefault(one.pk, (score, reason, one))
    decided = {link.earlier_id: link for link in FollowUpLink.objects.filter(case=case).select_related("decided_by")}
    ranked = sorted(found.values(), key=lambda row: (-row[0], row[2].accepted_at))[:SHOWN]
    return [Candidate(one, score, reason, decided.get(one.pk)) for score, reason, one in ranked]


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


def numbers_in(text: str, prefix: str) -> list[str]:
    """Case numbers that a text quotes, each once. Pure."""
    return list(dict.fromkeys(re.findall(rf"{re.escape(prefix)}\d{{8,}}", text.upper())))


def _quoted(actor: Actor, case: Case) -> list[Case]:
    numbers = numbers_in(f"{case.title}\n{case.statement.text}", settings.QUSHU_NUMBER_PREFIX)
    found = (case_by_number(actor, number) for number in numbers[:SHOWN])
    return [one for one in found if one is not None and one.pk != case.pk]


def _same_caller(actor: Actor, case: Case) -> list[tuple[float, str, Case]]:
    if case.caller_index is None or hides_caller(actor, case):
        return []
    learned = reading.weights()
    if learned is None:
        return []
    earlier = visible_cases(actor).filter(
        caller_index=case.caller_index,
        accepted_at__lt=case.accepted_at,
        accepted_at__gte=case.accepted_at - LONGEST_AGO,
    )
    rows = {one.pk: one for one in earlier.order_by("-accepted_at")[:MOST_EARLIER]}
    said = {
        one.told.case_id: one.told for one in reading.said_of(Case.objects.filter(pk__in=[case.pk, *rows]), learned)
    }
    asked = said.pop(case.pk)
    found = []
    for case_id, told in said.items():
        body = body_of(0, [told])
        score = likeness(asked, body)
        if score >= SAME_THING:
            days = max(0, (case.accepted_at - told.at).days)
            found.append((round(score, 2), f"同一号码 {days} 天前来电，{reason_of(asked, body)}", rows[case_id]))
    return found
