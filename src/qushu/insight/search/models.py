"""Searches that somebody has kept."""

from django.db import models

from qushu.people.models import Account


class SavedSearch(models.Model):
    """A search as its address holds it. `role` is who else sees it in the list: nobody, a role, or everyone.

    Whoever opens it finds only what he may see himself.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=60)
    query = models.CharField(max_length=1000)
    role = models.CharField("共享给", max_length=15, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="search_saved_once")]
        indexes = [models.Index(fields=["role", "name"], name="search_shared")]
