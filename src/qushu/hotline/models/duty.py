"""24-hour duty: who is on, and what one shift hands to the next."""

from django.db import models

from qushu.people.models import Account


class DutyShift(models.Model):
    POSTS = [("desk", "坐席"), ("lead", "值班长"), ("leader", "带班领导")]

    account = models.ForeignKey(Account, models.PROTECT, verbose_name="值班人员")
    post = models.CharField("岗位", max_length=10, choices=POSTS, default="desk")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")

    class Meta:
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="duty_time")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="duty_ends_after_start"),
            models.UniqueConstraint(fields=["account", "starts_at"], name="duty_once"),
        ]


class Handover(models.Model):
    """交接班: written by the one who leaves, taken over by the one who comes; never changed afterwards."""

    shift = models.ForeignKey(DutyShift, models.PROTECT, null=True, related_name="handovers")
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    summary = models.TextField("本班情况")
    unfinished = models.TextField("移交事项", blank=True)
    figures = models.JSONField(default=dict)
    taken_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    remark = models.CharField("接班意见", max_length=300, blank=True)
