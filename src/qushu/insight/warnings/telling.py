"""Ways out of a warning: notices on the page, e-mail, and the outbox for webhooks; each once per warning and level."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from procrastinate.contrib.django import app

from qushu.cases.rules import SHANGHAI
from qushu.hotline.models import Subscriber
from qushu.hotline.ways.rules import wants
from qushu.kernel.models import OutboxMessage
from qushu.people.actions import notify

from .models import Level, Telling, Warning, WarningRule

log = logging.getLogger(__name__)


def tell(warning: Warning, rule: WarningRule, now: datetime) -> bool:
    """Tell of the warning's present level, if it wasn't told yet: within the transaction that raised or rose it.

    Notices go to the rule's roles, from the rule's level on also e-mail (sent by the worker after commit) and a message
    `warning.raised` or `warning.risen` in the outbox, which subscribers get by the existing deliveries.
    """
    made, first = Telling.objects.get_or_create(
        warning=warning, level=warning.level, way=Telling.Way.page, defaults={"made_at": now, "done_at": now}
    )
    if not first:
        return False
    text = f"{Level(warning.level).label}预警：{warning.title}"
    for role in rule.roles:
        urgent = warning.level >= Level.orange
        notify(text, f"/warnings/{warning.pk}/", now=now, role=role, area_id=warning.area_id, urgent=urgent)
    if warning.level >= rule.tell_from:
        _push(warning, now)
        if rule.emails.split():
            Telling.objects.create(warning=warning, level=warning.level, way=Telling.Way.email, made_at=now)
            transaction.on_commit(_send_soon)
    return made is not None


def _push(warning: Warning, now: datetime) -> None:
    """Put the message into the outbox; it counts as a way taken when there is somebody who is told."""
    topic = "warning.risen" if warning.raised_at < now else "warning.raised"
    OutboxMessage.objects.create(key=f"warning:{warning.pk}", topic=topic, body=message(warning), created_at=now)
    if any(wants(topics, topic) for topics in Subscriber.objects.filter(active=True).values_list("topics", flat=True)):
        Telling.objects.create(warning=warning, level=warning.level, way=Telling.Way.webhook, made_at=now, done_at=now)


def message(warning: Warning) -> dict[str, object]:
    """The body for other systems; no citizen's data is in it."""
    return {
        "warning": warning.pk,
        "kind": warning.kind,
        "level": Level(warning.level).name,
        "title": f"{Level(warning.level).label}预警：{warning.title}",
        "text": warning.ground,
        "observed": warning.observed,
        "expected": round(warning.expected, 2),
        "raised_at": warning.raised_at.isoformat(),
        "link": f"{settings.QUSHU_ADDRESS}/warnings/{warning.pk}/" if settings.QUSHU_ADDRESS else "",
    }


def send_waiting(now: datetime, most: int = 50) -> tuple[int, int]:
    """Send the e-mails that wait: (sent, failed). One that fails keeps its reason and is tried at the next turn."""
    if not settings.EMAIL_HOST:
        return 0, 0
    sent = failed = 0
    waiting = list(
        Telling.objects.filter(way="email", done_at__isnull=True).order_by("id").values_list("id", flat=True)
    )
    for telling_id in waiting[:most]:
        with transaction.atomic():
            telling = (
                Telling.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("warning")
                .filter(pk=telling_id, done_at__isnull=True)
                .first()
            )
            if telling is None:
                continue
            telling.error = _send(telling.warning, telling.level)
            telling.done_at = None if telling.error else now
            telling.save(update_fields=["done_at", "error"])
        sent, failed = sent + (not telling.error), failed + bool(telling.error)
    return sent, failed


def _send(warning: Warning, level: int) -> str:
    """Send one e-mail; returns why it couldn't be, empty when it was."""
    rule = WarningRule.objects.get(kind=warning.kind)
    said = message(warning)
    raised = warning.raised_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    text = f"{warning.ground}\n\n预警时间：{raised}\n{said['link'] or f'预警编号：{warning.pk}'}\n"
    try:
        send_mail(f"{Level(level).label}预警：{warning.title}", text, None, rule.emails.split())
    except (OSError, SMTPException) as error:
        log.warning("warning %s was not mailed: %s", warning.pk, error)
        return f"没有发出：{type(error).__name__}"
    return ""


def _send_soon() -> None:
    app.configure_task("qushu.insight.warnings.jobs.mail_warnings", allow_unknown=False).defer()
