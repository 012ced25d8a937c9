"""卡住的消息、接收方 as files."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from ..models import Delivery, Subscriber
from .actions import stuck_deliveries

STUCK, SUBSCRIBERS = "stuck-deliveries", "subscribers"
ACTION = "feeds.read"
Filters = Mapping[str, str]


def offer_lists() -> None:
    """Make the lists known to the exports; called when Django starts."""
    LISTS[STUCK] = ListExport("卡住的消息", _stuck, _stuck_columns, action=ACTION, personal=False)
    LISTS[SUBSCRIBERS] = ListExport("接收方", _subscribers, _subscriber_columns, action=ACTION, personal=False)


def subscribers() -> QuerySet[Subscriber]:
    """Every subscriber, the oldest first."""
    return Subscriber.objects.select_related("source").order_by("id")


def _stuck(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Delivery]:
    return stuck_deliveries()


def _stuck_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("件", lambda one: one.key, 20),
        Column("事件", lambda one: one.message.topic, 24),
        Column("接收方", lambda one: one.subscriber.name, 24),
        Column("已试", lambda one: one.attempts, 8),
        Column("原因", lambda one: one.last_error, 60),
        Column("下次", lambda one: one.next_try_at, 19),
    ]


def _subscribers(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Subscriber]:
    return subscribers()


def _subscriber_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("名称", lambda one: one.name, 24),
        Column("地址", lambda one: one.address, 40),
        Column("事件", lambda one: " ".join(one.topics) or "全部", 40),
        Column("只回传此来源", lambda one: one.source.name if one.source else "", 20),
        Column("启用", lambda one: one.active, 8),
    ]
