"""Cross-cuts that somebody has kept."""

from django.db import models

from qushu.people.models import Account


class SavedCut(models.Model):
    """A question with its drawing as an address holds it; `shared` shows it to everybody who may ask (not its figures)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=60)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField("共享给同事", default=False)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="cut_saved_once")]
        indexes = [models.Index(fields=["shared", "name"], name="cut_shared")]
