"""The append-only, hash-chained history of every case, and the daily seals over it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from qushu.people.models import Account, Unit

from .case import Case


class History(models.Model):
    """One move. `at` is when it happened, `recorded_at` when it was written; `hash` covers every other column but id.

    A trigger refuses UPDATE and DELETE; `qushu audit verify` proves the chain.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="history", db_index=False)
    seq = models.PositiveIntegerField()
    move = models.CharField(max_length=24)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(Account, models.PROTECT, null=True, db_index=False)
    actor_name = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, db_index=False)
    record = models.JSONField(default=dict)
    request_key = models.CharField(max_length=80, null=True)
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="history_seq"),
            models.UniqueConstraint(
                fields=["request_key"], name="history_request_key", condition=models.Q(request_key__isnull=False)
            ),
        ]
        indexes = [
            BrinIndex(fields=["recorded_at"], name="history_recorded", autosummarize=True, pages_per_range=64),
            models.Index(fields=["at"], name="history_resolved", condition=models.Q(move="resolve")),
            models.Index(fields=["at"], name="history_followed_up", condition=models.Q(move="follow_up")),
            models.Index(fields=["case", "seq"], name="history_reopened", condition=models.Q(move="reopen")),
        ]


class Seal(models.Model):
    """The digest over all history rows recorded on one day (Asia/Shanghai), chained to the day before."""

    day = models.DateField(primary_key=True)
    rows = models.PositiveIntegerField()
    digest = models.BinaryField()
    prev_digest = models.BinaryField()
    sealed_at = models.DateTimeField()
