"""The case: a narrow row that changes, and the statement (words and caller) that is written once."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case as Choose
from django.db.models import F, Q, Value, When

from qushu.kernel.free_text import FreeCharField, FreeTextField
from qushu.kernel.sealed import SealedField
from qushu.people.models import Account, Unit
from qushu.places.models import Area

from .codes import Category, Channel


def urgency_rank() -> Choose:
    """How near the top of the dispatch queue: 0 urgent, or marked by an urgent word; 1 utilities; 2 everything else.

    The index case_dispatch holds the queue in this order: change both together.
    """
    return Choose(
        When(Q(urgency="urgent") | Q(marks__contains=["urgent"]), then=Value(0)),
        When(urgency="utilities", then=Value(1)),
        default=Value(2),
        output_field=models.SmallIntegerField(),
    )


class Case(models.Model):
    """诉求件. `state` and `lifecycle` name an entry of `qushu.kernel.lifecycle`; columns here are what lists filter and sort by.

    `head` is the hash of the newest history row and `seq` its number; `due_at` is the nearest deadline of a running clock,
    `overdue_from` when the case is overdue (`cases/overdue.py`).
    """

    class Kind(models.TextChoices):
        consultation = "consultation", "咨询"
        help = "help", "求助"
        complaint = "complaint", "投诉"
        report = "report", "举报"
        suggestion = "suggestion", "建议"
        praise = "praise", "表扬"

    class Urgency(models.TextChoices):
        urgent = "urgent", "紧急"
        utilities = "utilities", "民生保供"
        general = "general", "一般"
        hard = "hard", "疑难"

    class Result(models.TextChoices):
        solved = "solved", "已解决"
        partly = "partly", "部分解决"
        explained = "explained", "解释说明"
        cannot = "cannot", "暂不能解决"

    number = models.CharField("受理编号", max_length=24)
    lifecycle = models.CharField(max_length=20, default="hotline")
    state = models.CharField("状态", max_length=20)
    kind = models.CharField("诉求类型", max_length=12, choices=Kind, default=Kind.help)
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, default=Urgency.general)
    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name="渠道", db_index=False)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name="类别", db_index=False)
    street = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="街道", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="区域", db_index=False)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="承办单位", db_index=False
    )
    title = FreeCharField("标题", max_length=200)
    marks = ArrayField(models.CharField(max_length=12), default=list)
    caller_index = models.BinaryField(null=True)

    accepted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    accepted_at = models.DateTimeField("受理时间")
    registered_at = models.DateTimeField("立案时间", null=True)
    dispatched_at = models.DateTimeField("派单时间", null=True)
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    contacted_at = models.DateTimeField("首次联系", null=True)
    resolved_at = models.DateTimeField("办结时间", null=True)
    followed_up_at = models.DateTimeField("回访时间", null=True)
    closed_at = models.DateTimeField("结案时间", null=True)
    due_at = models.DateTimeField("最近期限", null=True)
    due_clock = models.CharField(max_length=12, blank=True)
    overdue_from = models.DateTimeField("超期起", null=True)

    result = models.CharField("办理结果", max_length=10, choices=Result, blank=True)
    solved = models.BooleanField("是否解决", null=True)
    satisfaction = models.PositiveSmallIntegerField("满意度", null=True)
    call_attempts = models.PositiveSmallIntegerField(default=0)
    return_count = models.PositiveSmallIntegerField(default=0)
    extension_count = models.PositiveSmallIntegerField(default=0)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    supervision_level = models.PositiveSmallIntegerField(default=0)

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", db_index=False)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_index=False)
    source = models.CharField(max_length=30, blank=True)
    source_ref = models.CharField(max_length=80, blank=True)
    generated = models.BooleanField("演示数据", default=False)
    seq = models.PositiveIntegerField(default=0)
    head = models.BinaryField(default=bytes)

    class Meta:
        indexes = [
            models.Index(fields=["-accepted_at", "-id"], name="case_newest"),
            models.Index(
                fields=["lead_unit", "state", "due_at", "id"],
                name="case_inbox",
                include=["overdue_from"],
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["state", "due_at", "id"], name="case_queue", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["due_at", "id"],
                name="case_due",
                include=["lead_unit", "overdue_from"],
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["overdue_from"],
                include=["id", "accepted_at", "lead_unit"],
                name="case_overdue",
                condition=Q(overdue_from__isnull=False),
            ),
            models.Index(
                urgency_rank(),
                F("due_at"),
                F("id"),
                name="case_dispatch",
                condition=Q(closed_at__isnull=True, state="registered"),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="case_returned",
                include=["lead_unit", "state", "return_count"],
                condition=Q(closed_at__isnull=True, return_count__gte=1),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="case_reopened",
                include=["lead_unit", "state"],
                condition=Q(closed_at__isnull=True, reopen_count__gte=1),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="case_pressed",
                include=["lead_unit", "state", "supervision_level"],
                condition=Q(closed_at__isnull=True, supervision_level__gte=1),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="case_tried",
                condition=Q(closed_at__isnull=True, state="resolved", call_attempts__gte=1),
            ),
            models.Index(fields=["lead_unit", "-accepted_at", "-id"], name="case_unit_newest"),
            models.Index(fields=["street", "-accepted_at", "-id"], name="case_street_newest"),
            models.Index(fields=["category", "-accepted_at", "-id"], name="case_category_newest"),
            models.Index(fields=["state", "-accepted_at", "-id"], name="case_state_newest"),
            models.Index(
                fields=["caller_index", "-accepted_at"], name="case_caller", condition=Q(caller_index__isnull=False)
            ),
            models.Index(fields=["parent"], name="case_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["split_from"], name="case_split", condition=Q(split_from__isnull=False)),
            models.Index(fields=["followed_up_at"], name="case_followed_up", condition=Q(followed_up_at__isnull=False)),
            models.Index(fields=["resolved_at"], name="case_resolved", condition=Q(resolved_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number"),
            models.UniqueConstraint(
                fields=["source", "source_ref"], name="case_source_once", condition=~Q(source_ref="")
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="case_satisfaction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def place_id(self) -> int | None:
        """The area where it is, as closely as that is known: a community or grid, else the street."""
        return self.area_id or self.street_id


class Statement(models.Model):
    """What was said and by whom. `sealed` holds the caller's name, phone, id number and address, encrypted.

    `words` are those of title, text and place as they were cut, to be counted; they are searched in `SearchEntry`.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="statement")
    text = FreeTextField("诉求内容")
    place = FreeCharField("事发地点", max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    sealed = SealedField(str.encode, "case__number", null=True)
    answer = FreeTextField("答复", blank=True)
    words = SearchVectorField(null=True)


class Attachment(models.Model):
    """A file that belongs to a case; images are re-encoded before they are kept."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    name = FreeCharField(max_length=120)
    stored_as = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.BinaryField()
    stage = models.CharField(max_length=20)
    added_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
