"""What the desk works with: drafts, urgent words, the dispatch catalogue, knowledge, follow-up calls."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from qushu.cases.models import Case, Category
from qushu.kernel.free_text import FreeTextField
from qushu.kernel.sealed import SealedField
from qushu.people.models import Account, Unit
from qushu.places.models import Area


def draft_context(account_id: int, key: str) -> bytes:
    """What a draft is bound to."""
    return f"draft/{account_id}/{key}".encode()


class Draft(models.Model):
    """An unfinished desk form, encrypted, so that nothing typed is lost. `key` names one open form."""

    account = models.ForeignKey(Account, models.CASCADE)
    key = models.CharField(max_length=40)
    sealed = SealedField(draft_context, "account_id", "key")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="draft_once")]


class UrgentWord(models.Model):
    """A word that makes a case urgent or marks it, and the emergency number to show."""

    word = models.CharField("词", max_length=30, unique=True)
    mark = models.CharField(
        "标记",
        max_length=12,
        choices=[
            ("urgent", "紧急"),
            ("sensitive", "敏感"),
            ("threat", "威胁坐席"),
            ("media", "媒体关注"),
            ("legal", "法定途径"),
        ],
    )
    emergency_number = models.CharField("应急电话", max_length=10, blank=True)
    active = models.BooleanField("启用", default=True)


class CatalogueEntry(models.Model):
    """派单目录: a matter's lead unit, assisting units and legal basis, for the whole district or one area."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="catalogue", verbose_name="类别")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name="限于区域")
    to_street_office = models.BooleanField("派属地街道", default=False)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主办单位"
    )
    assisting = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name="协办单位")
    legal_basis = models.CharField("依据", max_length=200, blank=True)
    effective_from = models.DateField("生效")
    effective_to = models.DateField("失效", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_street_office=True) | models.Q(lead_unit__isnull=False),
                name="catalogue_names_a_unit",
            )
        ]


class Knowledge(models.Model):
    """知识库: a question that citizens ask and the answer that may be given at once. A change is a new row.

    `valid_to` is the first day on which it isn't used any more. `first` is the first version (empty on that itself),
    `replaced_by` the next one, which takes over on its own `valid_from`. `review_on`: when somebody looks at it again.
    """

    title = models.CharField("标题", max_length=150)
    answer = models.TextField("答复口径")
    keywords = models.CharField("关键词", max_length=200, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name="类别")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="提供单位")
    basis = models.CharField("政策依据", max_length=200, blank=True)
    valid_from = models.DateField("生效")
    valid_to = models.DateField("失效", null=True, blank=True)
    public = models.BooleanField("市民可见", default=True)
    review_on = models.DateField("复核日期", null=True, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="later_versions")
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaces")
    uses = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    words = SearchVectorField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="knowledge_words"),
            models.Index(
                fields=["-uses", "-id"], name="knowledge_most_used", condition=models.Q(replaced_by__isnull=True)
            ),
        ]


class FollowUpCall(models.Model):
    """One try to reach the citizen after the answer."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="follow_up_calls")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reached = models.BooleanField()
    solved = models.BooleanField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    words = FreeTextField(blank=True)
