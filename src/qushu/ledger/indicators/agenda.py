"""Targets that are going to be missed, and bindings that wait for a second person."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from qushu.kernel.errors import Missing
from qushu.people.access import Actor
from qushu.people.agenda import Rank, Task, offer_tasks

from ..models import Binding
from ..queries import newest_document
from .queries import Known, annual_known


def offer_targets() -> None:
    """Put them where the cockpit finds them."""
    offer_tasks("targets", "budget.read", _missing)
    offer_tasks("bindings", "targets.write", _bindings)


def _missing(actor: Actor, now: datetime) -> Iterator[Task]:
    """Annual targets of the newest document that are red, then those that are yellow."""
    try:
        document = newest_document()
    except Missing:
        return
    year = timezone.localdate(now).year
    known = annual_known(document, year, now)
    for light, words, tone in (("late", "过问可能完不成的指标", "late"), ("warn", "过问进度偏慢的指标", "warn")):
        some = [one for one in known if one.standing.light == light]
        if some:
            href = f"{reverse('targets')}?scope=annual&light={light}&year={year}"
            yield Task(Rank.promise, words, len(some), "项", _said(some[0]), href, tone)


def _said(known: Known) -> str:
    """`热线受理诉求件数量：承诺 ≥ 15 万件，预计 14.2`."""
    at = known.standing.forecast if known.standing.forecast is not None else known.value
    words = "预计年末" if known.standing.forecast is not None else "现在"
    figure = known.words if at is None else known.in_unit(at)
    return f"{known.target.name}：承诺 {known.target.promised}，{words} {figure}"


def _bindings(actor: Actor, now: datetime) -> Iterator[Task]:
    """Bindings that somebody else has proposed (unique index binding_asked_once)."""
    waiting = Binding.objects.filter(approved__isnull=True).exclude(proposed_by_id=actor.account_id)
    by_document: dict[int, list[str]] = {}
    for document, name in waiting.order_by("proposed_at").values_list("target__document", "target__name"):
        by_document.setdefault(document, []).append(name)
    for document, names in by_document.items():
        href = f"{reverse('targets')}?document={document}&waiting={actor.account_id}"
        yield Task(Rank.decision, "审核指标的系统绑定", len(names), "项", names[0], href)
