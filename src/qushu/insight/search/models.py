"""Searches that somebody has kept; what cases mean, as vectors."""

from typing import Any

from django.db import models

from qushu.cases.models import Case
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


class HalfVector(models.Field):
    """pgvector's halfvec of `size` numbers of 16 bits; written and read as text."""

    def __init__(self, size: int, **more: Any) -> None:
        self.size = size
        super().__init__(**more)

    def deconstruct(self) -> Any:
        """With the size, for migrations."""
        name, path, args, more = super().deconstruct()
        return name, path, args, more | {"size": self.size}

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return f"halfvec({self.size})"


class MeaningSpace(models.Model):
    """A learned space of meaning; the newest is in use. Cases with an id up to `high` and from `low` on have their vector."""

    learned_at = models.DateTimeField("学习时间")
    cases = models.PositiveIntegerField("学习件数")
    data = models.BinaryField()
    high = models.BigIntegerField(default=0)
    low = models.BigIntegerField(default=0)


class Meaning(models.Model):
    """Where a case lies in a space; those of another space are not compared."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="meaning")
    space = models.ForeignKey(MeaningSpace, models.CASCADE, related_name="+", db_index=False)
    vector = HalfVector(64)
