"""办理限额: how often, how long, at which hours."""

from django.db import models


class Limit(models.Model):
    """A value of a limit from a moment on, until another of the same code begins; codes are those of `limits.KINDS`. Never overwritten."""

    code = models.CharField("限额", max_length=24)
    value = models.CharField("数值", max_length=60)
    effective_from = models.DateTimeField("生效")
    source = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        ordering = ["code", "effective_from"]
        constraints = [models.UniqueConstraint(fields=["code", "effective_from"], name="limit_begins_once")]
