"""Learned models by version, what they suggested, how often it was right, and the tables that read a text."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qushu.cases.models import Assignment
from qushu.people.models import Account, Unit
from qushu.places.models import Area


class ModelVersion(models.Model):
    """One learned model: what it was learned from, how it did on the newest weeks beside the one then in service.

    Figures are shares from 0 to 1. `promises` holds [wanted accuracy, confidence, share, accuracy reached] on these weeks.
    """

    class What(models.TextChoices):
        unit = "unit", "承办单位"
        category = "category", "诉求类别"

    class State(models.TextChoices):
        candidate = "candidate", "未采用"
        in_service = "in_service", "在用"
        retired = "retired", "已停用"

    name = models.CharField("版本", max_length=40, unique=True)
    what = models.CharField("用途", max_length=10, choices=What)
    state = models.CharField("状态", max_length=12, choices=State)
    learned_at = models.DateTimeField("训练时间")
    seconds = models.FloatField("训练用时（秒）")
    cases = models.PositiveIntegerField("学习件数")
    first_accepted = models.DateTimeField("最早受理")
    last_accepted = models.DateTimeField("最晚受理")
    labels = models.PositiveIntegerField("可答种数")
    terms = models.PositiveIntegerField("特征数")
    tested_from = models.DateTimeField("检验起")
    tested_cases = models.PositiveIntegerField("检验件数")
    top1 = models.FloatField("首位准确率")
    top3 = models.FloatField("前三准确率")
    compared_with = models.CharField("对照", max_length=40)
    former_top1 = models.FloatField("对照首位准确率")
    former_top3 = models.FloatField("对照前三准确率")
    reason = models.CharField("结论", max_length=300)
    promises = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    trial_digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField("文件字节数", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what"], name="one_model_in_service", condition=Q(state="in_service"))
        ]
        indexes = [models.Index(fields=["what", "-learned_at", "-id"], name="model_newest")]

    def __str__(self) -> str:
        return self.name


class AutoDispatch(models.Model):
    """Whether cases are dispatched without a person, and the accuracy that is wanted then. One row; none: switched off."""

    switched_on = models.BooleanField("自动派单", default=False)
    wanted = models.DecimalField("要求的准确率（%）", max_digits=4, decimal_places=1)
    changed_by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()
    only = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["only"], name="auto_dispatch_once"),
            models.CheckConstraint(condition=Q(wanted__gte=80, wanted__lte=100), name="auto_dispatch_wanted"),
        ]


class Suggested(models.Model):
    """The units suggested for a dispatch, the likeliest first, by which method and how sure it was of each."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, primary_key=True, related_name="+")
    model = models.CharField(max_length=40)
    unit_ids = ArrayField(models.IntegerField())
    scores = ArrayField(models.FloatField())
    automatic = models.BooleanField("自动派出", default=False)


class WeekCount(models.Model):
    """Suggestions of one week (Monday, Shanghai) by model and by the unit that answered for the case in the end.

    `listed` of them kept more than the first unit; `among` of these held the right one. Folded again each night while
    cases may still be returned; see `accuracy.py`.
    """

    week = models.DateField()
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    model = models.CharField(max_length=40)
    suggested = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    listed = models.PositiveIntegerField()
    among = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "unit", "model"], name="week_count_once")]
        indexes = [models.Index(fields=["unit", "week"], name="week_count_unit")]


class LearnedPlace(models.Model):
    """A name of a place or company that past cases used often, and the street in which most of them lay."""

    class Kind(models.TextChoices):
        estate = "estate", "小区"
        road = "road", "道路"
        company = "company", "单位企业"

    name = models.CharField("名称", max_length=30, unique=True)
    kind = models.CharField("种类", max_length=8, choices=Kind)
    street = models.ForeignKey(Area, models.SET_NULL, null=True, related_name="+", db_index=False)
    cases = models.PositiveIntegerField("出现件数")
    agreed = models.FloatField("属地一致比例")


class SafetyWord(models.Model):
    """A word that says what kind of danger a text tells of. The longer word wins where two overlap."""

    class Kind(models.TextChoices):
        fire = "fire", "火灾"
        gas = "gas", "燃气"
        explosion = "explosion", "爆炸"
        collapse = "collapse", "坍塌"
        traffic = "traffic", "交通事故"
        drowning = "drowning", "溺水"
        lift = "lift", "电梯困人"
        electric = "electric", "触电"
        flood = "flood", "内涝"
        chemical = "chemical", "危化品"
        poisoning = "poisoning", "中毒"
        fall = "fall", "高空坠落"
        suicide = "suicide", "轻生"
        violence = "violence", "伤人"
        crowd = "crowd", "群体聚集"

    word = models.CharField("词", max_length=20, unique=True)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    major = models.BooleanField("重大", default=False)
    active = models.BooleanField("启用", default=True)
