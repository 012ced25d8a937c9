"""24-hour duty: who is on, and what one shift hands to the next."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value

from qushu.kernel.free_text import FreeCharField, FreeTextField
from qushu.people.models import Account


class DutyShift(models.Model):
    POSTS = [("desk", "坐席"), ("lead", "值班长"), ("leader", "带班领导")]

    account = models.ForeignKey(Account, models.PROTECT, verbose_name="值班人员")
    post = models.CharField("岗位", max_length=10, choices=POSTS, default="desk")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")

    class Meta:
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="duty_time"),
            models.Index(fields=["ends_at"], name="duty_ended"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="duty_ends_after_start"),
            models.UniqueConstraint(fields=["account", "starts_at"], name="duty_once"),
            # A range of one account, because gist has no plain equality without an extension.
            ExclusionConstraint(
                name="duty_no_overlap",
                expressions=[
                    (Func(F("account"), F("account"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class Handover(models.Model):
    """交接班: written by the one who leaves, taken over by the one who comes; never changed afterwards.

    The database refuses every change but the one taking over, and every deletion. `corrects` makes a row a supplement
    to another; `notable` holds numbers of cases.
    """

    shift = models.ForeignKey(DutyShift, models.PROTECT, null=True, related_name="handovers")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="supplements")
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    summary = FreeTextField("本班情况")
    unfinished = FreeTextField("移交事项", blank=True)
    figures = models.JSONField(default=dict)
    notable = ArrayField(models.CharField(max_length=24), default=list)
    taken_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    remark = FreeCharField("接班意见", max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-written_at", "-id"], name="handover_newest", condition=models.Q(corrects__isnull=True)
            )
        ]
