"""What waits of the hotline's work: cases handed up to the leaders, answers to judge, reviews to decide."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from qushu.people.access import Actor, may_at_all
from qushu.people.agenda import Rank, Task, offer_tasks
from qushu.people.models import Role

from .queries import answered_orders, board, open_reviews


def offer_work() -> None:
    """Put it where the cockpit finds it."""
    offer_tasks("escalated", "supervision.use", _escalated)
    offer_tasks("answered-orders", "supervision.use", _answered)
    offer_tasks("reviews", "review.use", _reviews)


def _escalated(actor: Actor, now: datetime) -> Iterator[Task]:
    """Cases whose order went up to the leaders and has no answer (index case_pressed); only leaders are asked."""
    if Role.leader not in actor.roles:
        return
    found = board(actor, "ladder", now, "escalate").order_by().aggregate(n=Count("pk"), first=Min("due_at"))
    href = f"{reverse('supervision')}?tab=ladder&level=escalate"
    why = (
        f"最久的时限已过 {_days(now, found['first'])}" if found["first"] and found["first"] < now else "单位还没有回复"
    )
    yield Task(Rank.escalated, "过问提级到领导的件", found["n"], "件", why, href, "late", found["first"])


def _answered(actor: Actor, now: datetime) -> Iterator[Task]:
    """Answers to orders that nobody has judged (index supervision_answered)."""
    if not may_at_all(actor, "case.supervise"):
        return
    found = answered_orders(actor).order_by().aggregate(n=Count("pk"), first=Min("answered_at"))
    if found["n"]:
        why = f"最早的 {_days(now, found['first'])}前已回复"
        href = f"{reverse('supervision')}?tab=answered"
        yield Task(Rank.answer, "看督办回复并销号", found["n"], "份", why, href, "neutral", found["first"])


def _reviews(actor: Actor, now: datetime) -> Iterator[Task]:
    """What units have asked for (index review_open)."""
    found = open_reviews(actor).order_by().aggregate(n=Count("pk"), first=Min("due_at"))
    if found["n"]:
        late = found["first"] is not None and found["first"] < now
        why = "有的已过审核时限" if late else "退单、延期、挂账、剔除"
        tone = "late" if late else "neutral"
        yield Task(
            Rank.decision, "审核单位的申请", found["n"], "项", why, reverse("review-queue"), tone, found["first"]
        )


def _days(now: datetime, since: datetime) -> str:
    """`3 天`, `5 小时`."""
    passed = timezone.localtime(now) - timezone.localtime(since)
    return f"{passed.days} 天" if passed.days else f"{max(1, int(passed.total_seconds() // 3600))} 小时"
