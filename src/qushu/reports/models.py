"""Reports: what they are made from (templates, rules of findings, advice), and what was made, frozen once it is signed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qushu.cases.models import Category
from qushu.people.models import Account


class Kind(models.TextChoices):
    daily = "daily", "日报"
    weekly = "weekly", "周报"
    monthly = "monthly", "月报"
    annual = "annual", "年报"
    thematic = "thematic", "专题报告"


class ReportTemplate(models.Model):
    """模板: one version of how a kind of report is built; the newest is used. `body` is read by `templating.py`."""

    kind = models.CharField("种类", max_length=10, choices=Kind)
    version = models.PositiveIntegerField("版本", default=1)
    masthead = models.CharField("版头", max_length=40, blank=True)
    title = models.CharField("标题", max_length=100)
    addressed = models.CharField("主送", max_length=100, blank=True)
    body = models.TextField("内容")
    automatic = models.BooleanField("到期自动起草", default=True)
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="template_version")]


class FindingRule(models.Model):
    """发现规则: a change of `measure` by `dimension` is told when its z is at least `strength` and it has `least` cases."""

    measure = models.CharField("指标", max_length=20)
    dimension = models.CharField("维度", max_length=20)
    strength = models.DecimalField("显著性门槛 z", max_digits=5, decimal_places=2)
    least = models.PositiveIntegerField("最少件数")
    most = models.PositiveSmallIntegerField("最多列几条")
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["measure", "dimension"], name="finding_rule_once")]


class Signal(models.TextChoices):
    up = "up", "受理量明显上升"
    down = "down", "受理量明显下降"
    better = "better", "比率明显提高"
    worse = "worse", "比率明显降低"
    leading = "leading", "诉求最集中"
    overdue = "overdue", "有超期未办结"
    matter = "matter", "有群体诉求"


class Advice(models.Model):
    """建议: what is advised when a signal is given, of one dimension or any, of one category (and those under it) or any."""

    signal = models.CharField("信号", max_length=10, choices=Signal)
    dimension = models.CharField("维度", max_length=20, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="类别")
    words = models.CharField("建议", max_length=300)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["order", "id"]


class Report(models.Model):
    """A report on a period and a scope (filters of a cross-cut as an address holds them, "" for the whole district)."""

    kind = models.CharField("种类", max_length=10, choices=Kind)
    subject = models.CharField("主题", max_length=80, blank=True)
    first = models.DateField("自")
    last = models.DateField("至")
    scope = models.CharField("范围", max_length=300, blank=True)
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "last", "scope"], name="report_once"),
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="report_in_time"),
        ]
        indexes = [models.Index(fields=["-last", "-id"], name="report_newest")]


class Version(models.Model):
    """One state of a report: a snapshot with its text. Signed or archived it never changes: triggers refuse it.

    `content` is a list of blocks (`content.py`) whose texts name figures as {f12}; `as_of` is when they were asked.
    """

    class State(models.TextChoices):
        draft = "draft", "草稿"
        reviewed = "reviewed", "已审核"
        signed = "signed", "已签发"
        archived = "archived", "已归档"
        dropped = "dropped", "已被替换"

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=10, choices=State, default=State.draft)
    template = models.ForeignKey(ReportTemplate, models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=120)
    issue = models.CharField("期号", max_length=40, blank=True)
    content = models.JSONField()
    reason = models.CharField("重做原因", max_length=200, blank=True)
    as_of = models.DateTimeField("数据截至")
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("起草时间")
    reviewed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    opinion = models.CharField("审核意见", max_length=300, blank=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("签发时间", null=True)
    archived_at = models.DateTimeField("归档时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="version_of_report"),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "archived"]) | Q(signed_at__isnull=False), name="version_signed_when"
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True)
                | (
                    (Q(made_by__isnull=True) | ~Q(signed_by=models.F("made_by")))
                    & ~Q(signed_by=models.F("reviewed_by"))
                ),
                name="version_signed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["state", "-signed_at"], name="version_state_signed")]


class ReportFigure(models.Model):
    """A number of a version: asked with `query` (an address of a cross-cut), or made of other figures by `formula`."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="figures")
    key = models.CharField(max_length=8)
    name = models.CharField("名称", max_length=200)
    value = models.DecimalField("数值", max_digits=20, decimal_places=4, null=True)
    unit = models.CharField("单位", max_length=10)
    query = models.CharField(max_length=600, blank=True)
    formula = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="figure_once")]


class ReportFile(models.Model):
    """A file of a version with its digest: what people edited and gave back, or what was written when it was signed."""

    class Origin(models.TextChoices):
        edited = "edited", "人工修改稿"
        signed = "signed", "签发件"

    version = models.ForeignKey(Version, models.CASCADE, related_name="files")
    form = models.CharField(max_length=4, choices=[("docx", "DOCX"), ("pdf", "PDF")])
    origin = models.CharField(max_length=10, choices=Origin)
    data = models.BinaryField()
    digest = models.CharField("SHA-256", max_length=64)
    put_at = models.DateTimeField()
    put_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["version", "form"], name="file_of_version")]
