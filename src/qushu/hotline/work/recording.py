"""What the hotline writes or answers when a case moves: follow-up calls, and the unit that is suggested."""

from datetime import datetime

from django.utils import timezone

from qushu.cases.actions import Step, after_move
from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.cases.suggesting import CategoryHint, UnitHint, offer_hints

from ..knowledge.actions import count_use
from ..models import FollowUpCall
from ..suggestions import SUGGESTER


def follow_the_cases() -> None:
    """Join the moves and questions of the cases; called when Django starts."""
    after_move("try_call", keep_call)
    after_move("follow_up", keep_call)
    after_move("answer", count_use)
    offer_hints(hint_for, category_hint_for)


def keep_call(step: Step) -> None:
    """Write the call down, in the transaction of the move; judged on the web is a call that nobody made (`by` empty).

    The follow-up that ends three tries in vain is no call of its own: its last try is written already.
    """
    said = step.record
    if step.move.code == "follow_up" and not said["reached"]:
        return
    FollowUpCall.objects.create(
        case=step.case,
        at=step.at,
        by_id=step.call.actor.account_id,
        reached=said["reached"],
        solved=said.get("solved"),
        satisfaction=said.get("satisfaction"),
        words=said.get("words", ""),
    )


def hint_for(case: Case, now: datetime) -> UnitHint | None:
    """The first suggestion of the hotline's method for this case."""
    today = timezone.localdate(now, SHANGHAI)
    found = SUGGESTER.units(case.statement.text, case.category_id, case.place_id, today)
    if not found:
        return None
    first = found[0]
    assisting = tuple(unit_id for unit_id, _ in first.assisting)
    return UnitHint(first.unit_id, first.name, first.reason, first.model, first.score, assisting)


def category_hint_for(case: Case) -> CategoryHint | None:
    """The first category that the hotline's method suggests for the words of this case."""
    found = SUGGESTER.categories(case.statement.text)
    return CategoryHint(found[0].category_id, found[0].name, found[0].reason) if found else None
