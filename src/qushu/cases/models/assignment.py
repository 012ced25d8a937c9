"""Who works on a case (lead and assisting units), what they ask for, how they are pressed."""

from django.db import models
from django.db.models import Q

from qushu.kernel.free_text import FreeTextField
from qushu.people.models import Account, Unit

from .case import Case
from .codes import Reason


class Assignment(models.Model):
    """A unit's part in a case, from dispatch until it ends (return, redispatch, close)."""

    class Part(models.TextChoices):
        lead = "lead", "主办"
        assist = "assist", "协办"

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False)
    part = models.CharField("分工", max_length=6, choices=Part)
    instruction = FreeTextField("交办意见", blank=True)
    assigned_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    assigned_at = models.DateTimeField()
    suggested_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    suggestion_model = models.CharField(max_length=40, blank=True)
    suggestion_score = models.FloatField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    answer = FreeTextField("协办意见", blank=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_return = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "unit"], name="assigned_once", condition=Q(ended_at__isnull=True)),
            models.UniqueConstraint(fields=["case"], name="one_lead", condition=Q(ended_at__isnull=True, part="lead")),
        ]
        indexes = [
            models.Index(fields=["unit", "-assigned_at"], name="assignment_unit"),
            models.Index(fields=["assigned_at"], name="assignment_lead", condition=Q(part="lead")),
            models.Index(
                fields=["unit", "case"], name="assignment_assist", condition=Q(ended_at__isnull=True, part="assist")
            ),
        ]


class Review(models.Model):
    """A request that somebody must decide: return, extension, shelving, declining, voiding, exclusion."""

    KINDS = [
        ("return", "退单"),
        ("extension", "延期"),
        ("shelve", "挂账"),
        ("decline", "不予受理"),
        ("void", "作废"),
        ("exclude", "剔除"),
    ]

    case = models.ForeignKey(Case, models.CASCADE, related_name="reviews")
    kind = models.CharField("申请", max_length=10, choices=KINDS)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField("申请时间")
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, db_index=False, verbose_name="理由")
    words = FreeTextField("说明", blank=True)
    suggested_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    new_due_at = models.DateTimeField("拟延至", null=True)
    review_on = models.DateField("复核日期", null=True)
    measure = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField("审核期限")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    approved = models.BooleanField(null=True)
    remark = FreeTextField("审核意见", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="asked_once", condition=Q(decided_at__isnull=True)),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(approved__isnull=False), name="decided_says_how"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="review_open", condition=Q(decided_at__isnull=True)),
            models.Index(fields=["asked_at"], name="review_returns", condition=Q(kind="return")),
            models.Index(fields=["case"], name="review_excluded", condition=Q(kind="exclude", approved=True)),
        ]


class Supervision(models.Model):
    """督办单: urge, supervise or escalate, by a person or by the ladder. Open until somebody closes it or the case ends."""

    LEVELS = [("urge", "催办"), ("supervise", "督办"), ("escalate", "提级")]

    number = models.CharField("督办编号", max_length=24)
    case = models.ForeignKey(Case, models.CASCADE, related_name="supervisions")
    level = models.CharField("级别", max_length=10, choices=LEVELS)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    receiver = models.CharField(
        max_length=15,
        choices=[("unit", "承办人"), ("unit_leader", "单位负责人"), ("supervisor", "督办员"), ("leader", "分管领导")],
    )
    issued_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    words = FreeTextField("督办要求")
    answer_due_at = models.DateTimeField(null=True)
    answer = FreeTextField("回复", blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField("销号时间", null=True)
    closing_words = FreeTextField("销号说明", blank=True, db_default="", default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="supervision_number")]
        indexes = [
            models.Index(fields=["-issued_at", "-id"], name="supervision_newest"),
            models.Index(
                fields=["answered_at", "id"],
                name="supervision_answered",
                condition=Q(answered_at__isnull=False, closed_at__isnull=True),
            ),
            models.Index(
                fields=["case"],
                name="supervision_waiting",
                condition=Q(answered_at__isnull=True, closed_at__isnull=True),
            ),
        ]
