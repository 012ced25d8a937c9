"""Areas of the district: district, street, community, grid, each valid for a time."""

from django.db import models
from django.db.models import Q


class Area(models.Model):
    class Level(models.TextChoices):
        district = "district", "区"
        street = "street", "街道"
        community = "community", "社区"
        grid = "grid", "网格"

    code = models.CharField("区划代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    valid_from = models.DateField("生效")
    valid_to = models.DateField("失效", null=True, blank=True)
    boundary = models.JSONField("边界", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level="district", parent__isnull=True) | Q(~Q(level="district"), parent__isnull=False),
                name="area_has_parent",
            )
        ]
        indexes = [models.Index(fields=["level", "name"], name="area_level_name")]

    def __str__(self) -> str:
        return self.name
