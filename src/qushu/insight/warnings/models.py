"""Warnings, the cases behind them, what happened to each, the rules by kind, and what answers taught."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qushu.cases.models import Case, Category
from qushu.kernel.free_text import FreeCharField
from qushu.people.models import Account, Role, Unit
from qushu.places.models import Area


class Kind(models.TextChoices):
    surge = "surge", "突发"
    new_word = "new_word", "新词"
    matter = "matter", "群体投诉"
    repeat = "repeat", "重复投诉"
    safety = "safety", "安全突发"
    traffic = "traffic", "交通突发"
    silence = "silence", "异常沉寂"
    forecast = "forecast", "偏离预测"
    late = "late", "集中超期"


class Level(models.IntegerChoices):
    blue = 0, "蓝色"
    yellow = 1, "黄色"
    orange = 2, "橙色"
    red = 3, "红色"


class Outcome(models.TextChoices):
    true = "true", "属实"
    false = "false", "误报"
    known = "known", "已知情况"


class WarningRule(models.Model):
    """预警规则: one a kind. What each figure means for a kind stands in `ruling.py: MEANINGS`."""

    kind = models.CharField("种类", max_length=10, choices=Kind, unique=True)
    active = models.BooleanField("启用", default=True)
    least = models.PositiveIntegerField("最少件数")
    ratio = models.FloatField("倍数")
    hours = models.PositiveIntegerField("时间窗（小时）")
    a_week = models.FloatField("每周允许误报")
    roles = ArrayField(models.CharField(max_length=15), verbose_name="接收角色", default=list, blank=True)
    emails = models.TextField("邮件接收人", blank=True)
    tell_from = models.PositiveSmallIntegerField("邮件和推送的最低级别", choices=Level, default=Level.yellow)
    answer_minutes = models.PositiveIntegerField("确认时限（分钟）")

    @property
    def role_words(self) -> str:
        """The receiving roles in words."""
        return "、".join(str(Role(role).label) for role in self.roles) or "无"


class Warning(models.Model):
    """预警: one event. It runs until `ended_at` (its figures still change), and stands until a person closes it.

    `series` names what it is about among those of its kind; while it runs there is one of it. `ground` says in one
    sentence why it was raised. `since` is when its cases begin to count. `chart` is what its page draws (`charting.py`).
    One in `hindsight` was found in cases that came with a past (`hindsight.py`): nobody was told and no clock ran.
    """

    class State(models.TextChoices):
        raised = "raised", "待确认"
        acknowledged = "acknowledged", "已确认"
        closed = "closed", "已关闭"

    kind = models.CharField("种类", max_length=10, choices=Kind)
    series = models.CharField(max_length=60)
    title = FreeCharField("标题", max_length=120)
    ground = FreeCharField("依据", max_length=400)
    level = models.PositiveSmallIntegerField("级别", choices=Level)
    state = models.CharField("状态", max_length=12, choices=State, default=State.raised)
    category = models.ForeignKey(Category, models.SET_NULL, null=True, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.SET_NULL, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, related_name="+", db_index=False)
    word = models.CharField(max_length=60, blank=True)
    observed = models.IntegerField("件数", default=0)
    expected = models.FloatField("预期", default=0.0)
    since = models.DateTimeField("起")
    raised_at = models.DateTimeField("预警时间")
    updated_at = models.DateTimeField("更新时间")
    ended_at = models.DateTimeField("结束时间", null=True)
    answer_due_at = models.DateTimeField("确认期限")
    acknowledged_at = models.DateTimeField("确认时间", null=True)
    acknowledged_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField("结论", max_length=5, choices=Outcome, blank=True)
    closed_at = models.DateTimeField("关闭时间", null=True)
    pressed_at = models.DateTimeField(null=True)
    strength = models.FloatField(default=0.0)
    chart = models.JSONField(default=dict)
    hindsight = models.BooleanField("事后补看", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "series"], name="warning_runs_once", condition=Q(ended_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="warning_newest"),
            models.Index(fields=["state", "-raised_at", "-id"], name="warning_state_newest"),
            models.Index(fields=["level", "-raised_at", "-id"], name="warning_level_newest"),
            models.Index(fields=["kind", "-raised_at", "-id"], name="warning_kind_newest"),
            models.Index(fields=["kind", "ended_at"], name="warning_running"),
            models.Index(fields=["answer_due_at"], name="warning_due", condition=Q(state="raised")),
        ]

    def __str__(self) -> str:
        return self.title


class WarningCase(models.Model):
    """A case behind a warning."""

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="rows", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning", "case"], name="warning_case_once")]


class WarningEvent(models.Model):
    """What happened to a warning: raised, risen, widened, ended, acknowledged, judged, noted, closed. Never changed."""

    class What(models.TextChoices):
        raised = "raised", "预警"
        risen = "risen", "升级"
        widened = "widened", "范围扩大"
        ended = "ended", "回落"
        acknowledged = "acknowledged", "确认"
        judged = "judged", "结论"
        noted = "noted", "备注"
        pressed = "pressed", "超时提醒"

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=12, choices=What)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    words = FreeCharField(max_length=500, blank=True)


class Telling(models.Model):
    """A way out that a warning took at one level: each once."""

    class Way(models.TextChoices):
        page = "page", "系统消息"
        email = "email", "邮件"
        webhook = "webhook", "推送"

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="tellings", db_index=False)
    level = models.PositiveSmallIntegerField(choices=Level)
    way = models.CharField(max_length=8, choices=Way)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning", "level", "way"], name="told_once")]


class Tuning(models.Model):
    """What answers taught about one series: the odds it needs are `factor` times as strict as the rule's."""

    kind = models.CharField(max_length=10, choices=Kind)
    series = models.CharField(max_length=60)
    factor = models.FloatField(default=1.0)
    true = models.PositiveIntegerField(default=0)
    false = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    words = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "series"], name="tuning_once")]


class PastLook(models.Model):
    """A time when the past was looked at for surges: what was found, and the newest case (by id) that needs no further look."""

    looked_at = models.DateTimeField()
    newest_case = models.BigIntegerField()
    found = models.PositiveIntegerField()


class KnownWord(models.Model):
    """A word that texts used before, and in how many of them: what is not here is new."""

    word = models.CharField(max_length=60, primary_key=True)
    texts = models.PositiveIntegerField()
