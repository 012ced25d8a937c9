"""What is kept of a suggestion when a case is dispatched: the first three units, for the accuracy to be counted later."""

from django.utils import timezone

from qushu.cases.actions import Step, after_move
from qushu.cases.models import Assignment
from qushu.cases.rules import SHANGHAI
from qushu.hotline.suggestions import SUGGESTER, offer_suggester
from qushu.people.access import SYSTEM

from .models import Suggested
from .suggesting import Learned

AUTO_KEY = "auto-dispatch/"


def join_in() -> None:
    """Let the learned method answer, and keep what it said; called when Django starts."""
    offer_suggester(Learned())
    after_move("dispatch", keep_suggested)


def keep_suggested(step: Step) -> None:
    """Write the three units down, in the transaction of the dispatch, when the first of them was shown.

    The first unit and its model already stand in the assignment. What the plain method says further is not kept.
    """
    shown = step.record.get("suggestion")
    if not shown or "-" not in shown["model"] or shown["model"].startswith("words-"):
        return
    case = step.case
    day = timezone.localdate(step.at, SHANGHAI)
    found = SUGGESTER.units(case.statement.text, case.category_id, case.place_id, day)
    if not found or (found[0].unit_id, found[0].model) != (shown["unit"], shown["model"]):
        return  # another version came into service since the page was shown
    lead = Assignment.objects.get(case=case, part=Assignment.Part.lead, ended_at__isnull=True)
    Suggested.objects.create(
        assignment=lead,
        model=shown["model"],
        unit_ids=[one.unit_id for one in found],
        scores=[one.score for one in found],
        automatic=step.call.actor == SYSTEM and (step.call.request_key or "").startswith(AUTO_KEY),
    )
