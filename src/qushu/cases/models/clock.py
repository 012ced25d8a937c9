"""Clocks of a case, the rules that set them, and the ladder that presses when they run down."""

from django.db import models
from django.db.models import Q

from qushu.people.models import Unit

from .case import Case
from .codes import Category, Channel

CLOCKS = [
    ("dispatch", "派单"),
    ("acknowledge", "签收"),
    ("contact", "首次联系"),
    ("resolve", "办结"),
    ("follow_up", "回访"),
]
MEASURES = [("natural_minutes", "自然分钟"), ("working_minutes", "工作分钟"), ("working_days", "工作日")]


class ClockRule(models.Model):
    """One line of the deadline table; the first that matches by `priority` wins. Empty fields match anything.

    A line is never overwritten: a change ends it and makes another, which `replaces` it from the same moment on.
    """

    priority = models.PositiveIntegerField("顺序")
    lifecycle = models.CharField(max_length=20, default="hotline")
    clock = models.CharField("时限", max_length=12, choices=CLOCKS)
    kind = models.CharField("诉求类型", max_length=12, choices=Case.Kind, blank=True)
    urgency = models.CharField("紧急程度", max_length=10, choices=Case.Urgency, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name="类别")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, verbose_name="渠道")
    amount = models.PositiveIntegerField("数量")
    measure = models.CharField("单位", max_length=16, choices=MEASURES)
    effective_from = models.DateTimeField("生效")
    effective_to = models.DateTimeField("失效", null=True, blank=True)
    source = models.CharField("依据", max_length=200, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")

    class Meta:
        ordering = ["priority", "id"]


class LadderStep(models.Model):
    """催办阶梯: at `percent` of the time, or `overdue_amount` after the deadline, `action` reaches `receiver`."""

    ACTIONS = [("remind", "提醒"), ("urge", "催办"), ("supervise", "督办"), ("escalate", "提级")]
    RECEIVERS = [("unit", "承办人"), ("unit_leader", "单位负责人"), ("supervisor", "督办员"), ("leader", "分管领导")]

    order = models.PositiveSmallIntegerField("级", unique=True)
    clock = models.CharField("时限", max_length=12, choices=CLOCKS, default="resolve")
    percent = models.PositiveSmallIntegerField("已用时限百分比", null=True, blank=True)
    overdue_amount = models.PositiveIntegerField("超期", null=True, blank=True)
    overdue_measure = models.CharField("超期单位", max_length=16, choices=MEASURES, default="working_days")
    action = models.CharField("动作", max_length=10, choices=ACTIONS)
    receiver = models.CharField("对象", max_length=15, choices=RECEIVERS)
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=False, overdue_amount__isnull=True)
                | Q(percent__isnull=True, overdue_amount__isnull=False),
                name="ladder_percent_or_overdue",
            )
        ]


class Clock(models.Model):
    """A running or stopped clock of a case. `amount` and `measure` are those of the rule when it started."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    name = models.CharField(max_length=12, choices=CLOCKS)
    round = models.PositiveSmallIntegerField(default=1)
    rule = models.ForeignKey(ClockRule, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, db_index=False)
    amount = models.PositiveIntegerField()
    measure = models.CharField(max_length=16, choices=MEASURES)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    met = models.BooleanField("按时", null=True)
    paused_at = models.DateTimeField(null=True)
    ladder_order = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name"], name="clock_runs_once", condition=Q(stopped_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, met__isnull=True) | Q(stopped_at__isnull=False),
                name="clock_met_when_stopped",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_step_at"],
                name="clock_ladder",
                condition=Q(stopped_at__isnull=True, next_step_at__isnull=False),
            ),
            models.Index(fields=["due_at"], name="clock_due"),
            models.Index(
                fields=["name", "due_at"],
                name="clock_running",
                include=["case", "paused_at"],
                condition=Q(stopped_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"],
                name="clock_missed",
                condition=(Q(met__isnull=True) | Q(met=False)) & Q(name="resolve"),
            ),
        ]


class Shift(models.Model):
    """Why a deadline moved: an approved extension, or a pause while shelved."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="shifts")
    kind = models.CharField(max_length=10, choices=[("extension", "延期"), ("pause", "挂账暂停")])
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    due_before = models.DateTimeField()
    due_after = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
