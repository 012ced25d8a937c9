"""考核: formulas as data, frozen periods, corrections."""

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
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="scheme_version")]


class AssessmentRule(models.Model):
    """points = max(floor, cap − slope · max(0, target − rate)) (or rate − target when less is better), times weight."""

    scheme = models.ForeignKey(AssessmentScheme, models.CASCADE, related_name="rules")
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
    """One subject's figures in a frozen period: counts behind every rate, points per rule, score, rank, tier."""

    period = models.ForeignKey(AssessmentPeriod, models.CASCADE, related_name="lines")
    subject_id = models.BigIntegerField()
    subject_name = models.CharField(max_length=200)
    counts = models.JSONField()
    points = models.JSONField()
    score = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    rank = models.PositiveIntegerField(null=True)
    tier = models.CharField(max_length=20, blank=True)


class Correction(models.Model):
    """What a figure of a frozen period would be today, why, and who says so."""

    period = models.ForeignKey(AssessmentPeriod, models.PROTECT, related_name="corrections")
    line = models.ForeignKey(AssessmentLine, models.PROTECT, related_name="corrections")
    measure = models.CharField(max_length=20)
    before = models.CharField(max_length=60)
    after = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
