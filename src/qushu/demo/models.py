"""Which generated cases are in the database, so that a broken-off load is continued and none is loaded twice."""

from django.db import models


class Load(models.Model):
    """One call of the loader. `bases` holds, per table, the id before the first that the load may use."""

    seed = models.BigIntegerField()
    cases = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    bases = models.JSONField()
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.cases} cases until {self.ends_on}, seed {self.seed}"


class LoadedChunk(models.Model):
    """A chunk whose rows are committed: this row is written in the same transaction."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="chunks")
    index = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["load", "index"], name="chunk_once")]

    def __str__(self) -> str:
        return f"chunk {self.index} of load {self.load_id}"
