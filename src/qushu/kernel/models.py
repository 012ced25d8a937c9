"""Tables that know no domain: the working calendar, the outbox, seals of the history."""

from django.db import models


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: a public holiday or a make-up workday (调休)."""

    day = models.DateField("日期", primary_key=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40, blank=True)


class CalendarYear(models.Model):
    """A year whose holidays are known; other years count Monday to Friday and are shown as a warning."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    source = models.CharField("来源", max_length=100, blank=True)


class OutboxMessage(models.Model):
    """What happened, written in the transaction in which it happened, to be told to others afterwards.

    `key` orders: messages of one key are delivered one after the other (a case's number).
    """

    key = models.CharField(max_length=40)
    topic = models.CharField(max_length=60)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    relayed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(relayed_at__isnull=True)),
            models.Index(fields=["key", "id"], name="outbox_key"),
        ]


class Sequence(models.Model):
    """Named counters that are not a table's own id, e.g. the number of a supervision order in a year."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.BigIntegerField(default=0)


class TableVersion(models.Model):
    """The number of the last statement that changed a watched table (kernel.kept); written by triggers alone."""

    name = models.CharField(max_length=63, primary_key=True)
    value = models.BigIntegerField()


class Nonce(models.Model):
    """A value that may be used once until it expires: webhook signatures, captchas."""

    value = models.CharField(max_length=120, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)


class Tally(models.Model):
    """How often a key was seen in a window; the ground of rate limits."""

    key = models.CharField(max_length=120)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window_start"], name="tally_once")]
        indexes = [models.Index(fields=["window_start"], name="tally_window")]
