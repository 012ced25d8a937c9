"""The outbox: messages become deliveries, deliveries reach their subscribers, in order per case, at least once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from qushu.cases.models import Case
from qushu.kernel.crypto import vault
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.models import OutboxMessage
from qushu.people import audit
from qushu.people.access import Actor, require

from ..models import Delivery, Subscriber
from ..models.ways import subscriber_context
from .rules import next_try, sign, wants
from .shapes import refused_by_chat, shaped

LEASE = timedelta(minutes=2)
TIMEOUT_SECONDS = 10
CHAT_REFUSED = 422
RELAY_LOCK = 4201051

Send = Callable[[str, bytes, dict[str, str]], int]
"""Posts a body with headers to an address and gives the status; raises httpx.HTTPError."""


def relay_outbox(now: datetime, most: int = 2000) -> int:
    """Make a delivery for every subscriber of each waiting message; returns how many messages were taken.

    One relay at a time (advisory lock), so that deliveries have the order of their messages.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RELAY_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        waiting = list(OutboxMessage.objects.filter(relayed_at__isnull=True).order_by("id")[:most])
        subscribers = list(Subscriber.objects.filter(active=True).select_related("source"))
        Delivery.objects.bulk_create(_deliveries(waiting, subscribers, now), ignore_conflicts=True)
        OutboxMessage.objects.filter(pk__in=[message.pk for message in waiting]).update(relayed_at=now)
        return len(waiting)


def deliver_due(now: datetime, send: Send, most: int = 500) -> tuple[int, int]:
    """Try every delivery that is due: (delivered, failed). A later one of the same case waits for the earlier.

    Each is claimed first (its next try is LEASE away), so a killed worker repeats it and two workers don't.
    """
    delivered = failed = 0
    while delivered + failed < most and (claimed := _claim(now)) is not None:
        if _deliver(claimed, now, send):
            delivered += 1
        else:
            failed += 1
    return delivered, failed


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send over HTTP; redirects are not followed. A chat robot that answers 200 and refuses counts as 422."""
    answer = httpx.post(url, content=body, headers=headers, timeout=TIMEOUT_SECONDS)
    if answer.is_success and refused_by_chat(url, answer.text):
        return CHAT_REFUSED
    return answer.status_code


def stuck_deliveries() -> QuerySet[Delivery]:
    """What failed and isn't delivered yet, the longest waiting first."""
    return (
        Delivery.objects.filter(delivered_at__isnull=True, attempts__gt=0)
        .select_related("subscriber", "message")
        .order_by("id")
    )


def retry_now(actor: Actor, delivery_id: int, now: datetime) -> None:
    """Try a stuck delivery at the next turn of the worker."""
    require(actor, "feeds.write")
    if not Delivery.objects.filter(pk=delivery_id, delivered_at__isnull=True).update(next_try_at=now):
        raise Missing("没有这条待发消息，可能刚刚已送达。")


def add_subscriber(
    actor: Actor, name: str, url: str, secret: str, topics: list[str], now: datetime, source_id: int | None = None
) -> Subscriber:
    """Tell another system from now on, of the cases of one source or of all.

    The secret is sealed; without one nothing is signed, which isn't allowed.
    """
    require(actor, "feeds.write")
    if not url.startswith(("https://", "http://")):
        raise Refused("地址须以 https:// 或 http:// 开头。没有保存。", field="url")
    try:
        is_whole = bool(httpx.URL(url).host)
    except (httpx.InvalidURL, ValueError):
        is_whole = False
    if not is_whole:
        raise Refused("地址不完整，或不是一个地址。没有保存。", field="url")
    if len(secret) < 16:
        raise Refused("密钥至少 16 个字符。没有保存。", field="secret")
    with transaction.atomic():
        made = Subscriber.objects.create(name=name.strip(), url=url, topics=topics, source_id=source_id)
        made.secret_sealed = vault().seal(secret, subscriber_context(made.pk))
        made.save(update_fields=["secret_sealed"])
        audit.record(
            actor, "subscriber.added", f"subscriber:{made.name}", data={"url": made.address, "topics": topics}, now=now
        )
        return made


def switch_subscriber(actor: Actor, subscriber_id: int, active: bool, now: datetime) -> None:
    """Pause or resume a subscriber; what happens meanwhile isn't told later, what waits stays waiting."""
    require(actor, "feeds.write")
    with transaction.atomic():
        subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
        if subscriber is None:
            raise Missing("没有这个接收方。")
        subscriber.active = active
        subscriber.save(update_fields=["active"])
        audit.record(actor, "subscriber.switched", f"subscriber:{subscriber.name}", data={"active": active}, now=now)


def _deliveries(waiting: list[OutboxMessage], subscribers: list[Subscriber], now: datetime) -> list[Delivery]:
    sources = dict(Case.objects.filter(number__in={message.key for message in waiting}).values_list("number", "source"))
    return [
        Delivery(subscriber=subscriber, message=message, key=message.key, next_try_at=now)
        for message in waiting
        for subscriber in subscribers
        if wants(subscriber.topics, message.topic)
        and (subscriber.source is None or sources.get(message.key) == subscriber.source.code)
    ]


def _claim(now: datetime) -> Delivery | None:
    earlier = Delivery.objects.filter(
        subscriber=OuterRef("subscriber"), key=OuterRef("key"), delivered_at__isnull=True, pk__lt=OuterRef("pk")
    )
    with transaction.atomic():
        due = Delivery.objects.filter(delivered_at__isnull=True, next_try_at__lte=now, subscriber__active=True)
        claimed = (
            due.exclude(Exists(earlier))
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_try_at", "id")
            .first()
        )
        if claimed is not None:
            claimed.next_try_at = now + LEASE
            claimed.save(update_fields=["next_try_at"])
        return claimed


def _deliver(delivery: Delivery, now: datetime, send: Send) -> bool:
    subscriber, message = delivery.subscriber, delivery.message
    said = {"id": message.pk, "topic": message.topic, **message.body, **_origin(message)}
    secret = (
        vault().open(subscriber.secret_sealed, subscriber_context(subscriber.pk)) if subscriber.secret_sealed else ""
    )
    try:
        url, body = shaped(subscriber.url, said, secret, int(now.timestamp() * 1000))
        headers = {
            "Content-Type": "application/json",
            "X-Qushu-Delivery": str(delivery.pk),
            "X-Qushu-Signature": sign(secret, int(now.timestamp()), body),
        }
        status = send(url, body, headers)
        error = "" if 200 <= status < 300 else f"对方回应 {status}"
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as broken:
        error = f"没有连上：{type(broken).__name__}"
    delivery.attempts += 1
    delivery.last_error = error
    if error:
        delivery.next_try_at = next_try(delivery.attempts, now)
    else:
        delivery.delivered_at = now
    delivery.save(update_fields=["attempts", "last_error", "next_try_at", "delivered_at"])
    return not error


def _origin(message: OutboxMessage) -> dict[str, str]:
    """Where the case came from and what it is called there, so that the other system knows it again."""
    case = Case.objects.filter(number=message.key).exclude(source_ref="").values("source", "source_ref").first()
    return {"source": case["source"], "ref": case["source_ref"]} if case else {}
