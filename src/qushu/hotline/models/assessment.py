"""考核: formulas as data, frozen periods, corrections. Triggers refuse every change of a row that is written."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qushu.people.models import Account


class AssessmentScheme(models.Model):
    """A versioned set of rules; the one in force for a period is the newest effective at its end."""

    SUBJECTS = [("unit", "承办单位"), ("street", "街道"), ("category", "类别"), ("agent", "坐席")]

    name = models.CharField("名称", max_length=80)
    subject = models.CharField("对象", max_length=10, choices=SUBJECTS, default="unit")
    version = models.PositiveSmallIntegerField("版本", default=1)
    effective_from = models.DateField("生效")
    source = models.CharField("依据", max_length=200, blank=True)
    note = models.TextField("说明", blank=True)
    tier_by = models.CharField("分档依据", max_length=20, default="satisfied", blank=True)
    freezes_on_day = models.PositiveSmallIntegerField("次月几日固定", null=True, blank=True)
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="scheme_version"),
            models.CheckConstraint(
                condition=models.Q(freezes_on_day__isnull=True) | models.Q(freezes_on_day__range=(1, 28)),
                name="scheme_freezes_on_a_day_of_every_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} 第 {self.version} 版"


class AssessmentRule(models.Model):
    """points = max(floor, cap − slope · max(0, target − rate)) (or rate − target when less is better), times weight."""

    scheme = models.ForeignKey(AssessmentScheme, models.PROTECT, related_name="rules")
    order = models.PositiveSmallIntegerField(default=1)
    measure = models.CharField("指标", max_length=20)
    target = models.DecimalField("目标 %", max_digits=7, decimal_places=3)
    slope = models.DecimalField("每点扣分", max_digits=8, decimal_places=4)
    floor = models.DecimalField("最低分", max_digits=8, decimal_places=3)
    cap = models.DecimalField("满分", max_digits=8, decimal_places=3)
    weight = models.DecimalField("权重", max_digits=6, decimal_places=3, default=1)
    less_is_better = models.BooleanField("越低越好", default=False)

    class Meta:
        ordering = ["order", "id"]


class AssessmentTier(models.Model):
    """A tier of a scheme: reached from `lowest` on, by the scheme's `tier_by` (a rate in %, or the score)."""

    scheme = models.ForeignKey(AssessmentScheme, models.PROTECT, related_name="tiers")
    name = models.CharField("档次", max_length=20)
    lowest = models.DecimalField("不低于", max_digits=8, decimal_places=3)

    class Meta:
        ordering = ["-lowest", "id"]
        constraints = [models.UniqueConstraint(fields=["scheme", "lowest"], name="tier_once")]


class AssessmentPeriod(models.Model):
    """A frozen month (or any period): its lines never change; a later change is a Correction."""

    scheme = models.ForeignKey(AssessmentScheme, models.PROTECT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "starts_on", "ends_on"], name="period_frozen_once")]


class AssessmentLine(models.Model):
    """One subject's figures in a frozen period: {measure: [part, whole, excluded]}, points per rule, score, rank, tier."""

    period = models.ForeignKey(AssessmentPeriod, models.PROTECT, related_name="lines")
    subject_id = models.BigIntegerField()
    subject_name = models.CharField(max_length=200)
    counts = models.JSONField()
    points = models.JSONField()
    score = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    rank = models.PositiveIntegerField(null=True)
    tier = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "subject_id"], name="line_frozen_once")]


class FrozenRows(models.Model):
    """The cases behind one frozen figure: those of the part, the others of the whole, those left out. As often as judged."""

    line = models.ForeignKey(AssessmentLine, models.PROTECT, related_name="rows_behind")
    measure = models.CharField(max_length=20)
    part = ArrayField(models.BigIntegerField(), default=list)
    others = ArrayField(models.BigIntegerField(), default=list)
    excluded = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "measure"], name="rows_frozen_once")]


class Correction(models.Model):
    """更正: what a figure of a frozen period is today, why, and who says so. The frozen line stays as it is."""

    line = models.ForeignKey(AssessmentLine, models.PROTECT, related_name="corrections")
    measure = models.CharField(max_length=20)
    before = ArrayField(models.PositiveIntegerField(), size=3)
    after = ArrayField(models.PositiveIntegerField(), size=3)
    score_after = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    reason = models.CharField("更正原因", max_length=300)
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
