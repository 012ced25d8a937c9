"""Ways in (feeds with receipts and refused rows) and ways out (subscribers and deliveries)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qushu.cases.models import Case
from qushu.kernel.models import OutboxMessage
from qushu.kernel.sealed import SealedField
from qushu.people.models import Account

from ..ways.rules import shown_address


def source_context(source_id: int) -> bytes:
    """What the secret of a source is bound to."""
    return f"feed-source:{source_id}".encode()


class FeedSource(models.Model):
    """Another system that gives us cases, e.g. the city platform. `location` is a folder or URL to pull from.

    `last_error` is what went wrong at the last look there; `etag` what the address said its content was called.
    """

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    mapping = models.CharField("映射", max_length=60)
    location = models.CharField("文件夹或地址", max_length=300, blank=True)
    secret_sealed = SealedField(source_context, "pk", null=True, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True)
    active = models.BooleanField("启用", default=True)
    pulled_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    etag = models.CharField(max_length=200, blank=True)


class FeedBatch(models.Model):
    """One file or one push that was read. `receipt` holds the outcome of each row of a push, which is short.

    `error` says why a file broke off; what was read until then stays.
    """

    class Way(models.TextChoices):
        file = "file", "导入"
        push = "push", "推送"
        pull = "pull", "拉取"
        again = "again", "更正重试"

    way = models.CharField(max_length=5, choices=Way, default=Way.file)
    source = models.ForeignKey(FeedSource, models.PROTECT, related_name="batches")
    name = models.CharField(max_length=200)
    digest = models.BinaryField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    accepted = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    receipt = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["source", "-started_at"], name="batch_newest"),
            models.Index(fields=["-started_at", "-id"], name="batch_all_newest"),
            models.Index(fields=["source", "digest"], name="batch_digest"),
        ]


class FeedFile(models.Model):
    """A file seen in a source's folder: as it looked at the last look, and the batch once it was read."""

    source = models.ForeignKey(FeedSource, models.CASCADE, related_name="files", db_index=False)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    modified_ns = models.BigIntegerField()
    batch = models.ForeignKey(FeedBatch, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="feed_file_once")]


def row_context(batch_id: int, line: int) -> bytes:
    """What a refused row is bound to."""
    return f"feed:{batch_id}:{line}".encode()


class FeedRow(models.Model):
    """A row that was refused: kept as it came (encrypted), with its line and the reason, until somebody settles it.

    It became a case after a correction (`case`), or was left with a reason (`settled_why`).
    """

    batch = models.ForeignKey(FeedBatch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    ref = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300)
    sealed = SealedField(row_context, "batch_id", "line")
    digest = models.BinaryField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    settled_why = models.CharField(max_length=200, blank=True)
    case = models.ForeignKey(Case, models.SET_NULL, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="feed_row_open", condition=Q(settled_at__isnull=True)),
            models.Index(fields=["digest"], name="feed_row_digest"),
        ]


def subscriber_context(subscriber_id: int) -> bytes:
    """What the secret of a subscriber is bound to."""
    return f"subscriber:{subscriber_id}".encode()


class Subscriber(models.Model):
    """Another system that is told of changes by a signed webhook."""

    name = models.CharField("名称", max_length=60)
    url = models.URLField("地址", max_length=300)
    secret_sealed = SealedField(subscriber_context, "pk", null=True, blank=True)
    topics = ArrayField(models.CharField(max_length=60), verbose_name="事件", default=list, blank=True)
    source = models.ForeignKey(FeedSource, models.PROTECT, null=True, blank=True, verbose_name="只回传此来源")
    active = models.BooleanField("启用", default=True)

    @property
    def address(self) -> str:
        """The address as people are shown it (`ways.rules.shown_address`)."""
        return shown_address(self.url)


class Delivery(models.Model):
    """One message for one subscriber; delivered in order per key, at least once."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="deliveries")
    message = models.ForeignKey(OutboxMessage, models.PROTECT)
    key = models.CharField(max_length=40)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "message"], name="delivered_once")]
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_waiting", condition=Q(delivered_at__isnull=True)),
            models.Index(
                fields=["subscriber", "key", "id"], name="delivery_order", condition=Q(delivered_at__isnull=True)
            ),
        ]
