"""Monitoring and self-evaluation of a project or the whole department, and what was released to the public."""

from django.db import models
from django.db.models import Q

from qushu.people.models import Account

from ..models import BudgetDocument, Project, Target
from ..models.documents import money


def _person(label: str) -> "models.ForeignKey[Account | None, Account | None]":
    return models.ForeignKey(Account, models.PROTECT, related_name="+", null=True, verbose_name=label)


class Evaluation(models.Model):
    """A form: drafted, submitted by its writer, reviewed by a second person, signed by a third, then frozen.

    `hands` are the accounts that wrote in it. `snapshot` holds all values, sources and hashes as signed, `seal` its
    SHA-256. A trigger refuses changes of a signed form other than its release.
    """

    class Kind(models.TextChoices):
        self = "self", "绩效自评"
        monitor = "monitor", "绩效监控"

    class State(models.TextChoices):
        drafted = "drafted", "草稿"
        submitted = "submitted", "待复核"
        reviewed = "reviewed", "待签署"
        signed = "signed", "已签署"

    kind = models.CharField("种类", max_length=8, choices=Kind)
    document = models.ForeignKey(BudgetDocument, models.PROTECT, related_name="evaluations")
    project = models.ForeignKey(Project, models.PROTECT, related_name="evaluations", null=True)
    year = models.PositiveSmallIntegerField("年度")
    as_of = models.DateField("截至")
    scheme = models.CharField("评分方案", max_length=20)
    state = models.CharField("状态", max_length=10, choices=State, default=State.drafted)
    granted = money("年初预算", null=True)
    budget = money("全年预算", null=True)
    paid = money("执行数", null=True)
    execution_points = models.DecimalField("执行率得分", max_digits=6, decimal_places=2, default=0)
    reached = models.TextField("总体完成情况", blank=True)
    reasons = models.TextField("偏差原因", blank=True)
    measures = models.TextField("改进措施", blank=True)
    hands = models.JSONField(default=list)
    filled_at = models.DateTimeField("取值时间")
    written_by, written_at = _person("填报人"), models.DateTimeField(null=True)
    reviewed_by, reviewed_at = _person("复核人"), models.DateTimeField(null=True)
    signed_by, signed_at = _person("签署人"), models.DateTimeField(null=True)
    sent_back = models.CharField("退回意见", max_length=300, blank=True)
    snapshot = models.JSONField(null=True)
    seal = models.BinaryField(null=True)
    released_by, released_at = _person("公开人"), models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "-as_of", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "project", "kind", "year", "as_of"], name="evaluation_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(snapshot__isnull=False, seal__isnull=False), name="signed_is_frozen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_name} {self.year} 年{self.get_kind_display()}"

    @property
    def owner_name(self) -> str:
        return self.project.name if self.project else f"{self.document.department}（部门整体）"

    @property
    def writers(self) -> list[int | None]:
        """Accounts that wrote in it or submitted it: they neither review nor sign."""
        return [*self.hands, self.written_by_id]

    @property
    def is_self(self) -> bool:
        return self.kind == self.Kind.self


class EvaluationLine(models.Model):
    """One target in a form. `proof` says where the value comes from (drawing.py); `percent` is a person's judgement of words."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="lines")
    target = models.ForeignKey(Target, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    points = models.DecimalField("分值", max_digits=6, decimal_places=2)
    source = models.CharField("取值来源", max_length=10)
    value = models.DecimalField("完成值", max_digits=20, decimal_places=4, null=True)
    words = models.CharField("完成情况", max_length=200, blank=True)
    proof = models.JSONField(default=dict)
    percent = models.DecimalField("定档", max_digits=5, decimal_places=2, null=True)
    score = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True)
    reason = models.CharField("偏差原因和措施", max_length=500, blank=True)

    class Meta:
        ordering = ["evaluation", "place"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "target"], name="evaluation_target_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100), name="judged_within_100"
            ),
        ]


class Release(models.Model):
    """What the public sees of a document's targets: values as they were when somebody released them. Newest counts."""

    document = models.ForeignKey(BudgetDocument, models.PROTECT, related_name="releases")
    year = models.PositiveSmallIntegerField("年度")
    snapshot = models.JSONField()
    released_by = _person("公开人")
    released_at = models.DateTimeField("公开时间")
    withdrawn_by = _person("撤回人")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        ordering = ["-id"]


class OpenPaper(models.Model):
    """A released self-evaluation as a file, without names of people; made once, so that visitors cost nothing."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="open_papers")
    form = models.CharField(max_length=4, choices=[("pdf", "PDF"), ("docx", "Word")])
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "form"], name="open_paper_once")]
