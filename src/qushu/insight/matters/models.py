"""Matters (事项): what many people tell of one thing, as living objects; who belongs to them and why; what people decided.

Case tables are never written here. What is compared of a case is kept beside it (`Face`) while it may still find others.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from qushu.cases.models import Case, Category
from qushu.kernel.free_text import FreeCharField
from qushu.people.models import Account, Unit
from qushu.places.models import Area


class MatterRule(models.Model):
    """From when on the machine speaks of a matter. One row; likeness is a mean cosine from 0 to 1."""

    people = models.PositiveSmallIntegerField("最少人数", default=3)
    join = models.FloatField("归入相似度", default=0.5)
    days = models.PositiveSmallIntegerField("间隔天数", default=60)
    organised = models.PositiveSmallIntegerField("雷同号码数", default=3)
    repeats = models.PositiveSmallIntegerField("重复件数", default=3)
    repeat_days = models.PositiveSmallIntegerField("重复天数", default=30)
    only = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["only"], name="matter_rule_once"),
            models.CheckConstraint(condition=Q(people__gte=2, join__gt=0, join__lte=1), name="matter_rule_possible"),
        ]


class WordWeights(models.Model):
    """How rare words are in the cases of this centre; the newest is in use."""

    learned_at = models.DateTimeField()
    texts = models.PositiveIntegerField()
    data = models.BinaryField()


class HistoryLook(models.Model):
    """A time when the whole history was joined: what was found, and the newest case (by id) that needs no further look."""

    looked_at = models.DateTimeField()
    newest_case = models.BigIntegerField()
    read = models.PositiveIntegerField()
    joined = models.PositiveIntegerField()
    found = models.PositiveIntegerField()


class Matter(models.Model):
    """事项. Figures are those of its present members; `version` is what a page has seen.

    `sums` adds up the members' word weights (each member's vector has length 1), so that its product with a vector,
    divided by `cases`, is the mean likeness to the members. `growth` is the cases of the last seven days less those of
    the seven days before. `people` counts telephone numbers by their blind index.
    """

    class State(models.TextChoices):
        open = "open", "发展中"
        watched = "watched", "重点监测"
        dispersed = "dispersed", "已平息"
        closed = "closed", "已并入"

    title = FreeCharField("事项", max_length=120)
    titled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.open)
    into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    version = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField("最早")
    last_at = models.DateTimeField("最近")
    people = models.PositiveIntegerField("人数", default=0)
    cases = models.PositiveIntegerField("件数", default=0)
    recent = models.PositiveIntegerField("近七天", default=0)
    growth = models.IntegerField("增长", default=0)
    street = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    streets = ArrayField(models.BigIntegerField(), default=list)
    areas = ArrayField(models.BigIntegerField(), default=list)
    spots = ArrayField(models.CharField(max_length=60), default=list)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+", db_index=False)
    lead_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    keywords = ArrayField(FreeCharField(max_length=60), default=list)
    sums = models.JSONField(default=dict)
    threats = ArrayField(models.CharField(max_length=20), default=list)
    organised = models.BooleanField("措辞雷同", default=False)
    changed = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first_at__lte=F("last_at")), name="matter_in_time"),
            models.CheckConstraint(
                condition=Q(state="closed", into__isnull=False) | (~Q(state="closed") & Q(into__isnull=True)),
                name="matter_closed_into_another",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="matter_has_title"),
        ]
        indexes = [
            GinIndex(fields=["keywords"], name="matter_keywords"),
            models.Index(fields=["-people", "-id"], name="matter_people"),
            models.Index(fields=["-growth", "-id"], name="matter_growth"),
            models.Index(fields=["-last_at", "-id"], name="matter_last"),
            models.Index(fields=["state", "-people", "-id"], name="matter_state_people"),
            models.Index(fields=["id"], name="matter_changed", condition=Q(changed=True)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """What people call it by: 事项 12."""
        return f"M{self.pk:05d}"


class Membership(models.Model):
    """A case in a matter, and why. A row that a person took out stays and binds: the machine never puts it back."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="members", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    accepted_at = models.DateTimeField()
    score = models.FloatField("相似度", null=True)
    reason = FreeCharField("理由", max_length=200)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "case"], name="membership_once"),
            models.UniqueConstraint(fields=["case"], name="case_in_one_matter", condition=Q(removed_at__isnull=True)),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(removed_by__isnull=False), name="membership_removed_by_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["matter", "-accepted_at", "-id"], name="membership_newest", condition=Q(removed_at__isnull=True)
            ),
            models.Index(fields=["case"], name="membership_removed", condition=Q(removed_at__isnull=False)),
        ]


class MatterEvent(models.Model):
    """What happened to a matter, and notes on it. Rows are only added."""

    class What(models.TextChoices):
        found = "found", "发现"
        titled = "titled", "改名"
        added = "added", "加入工单"
        removed = "removed", "移出工单"
        parted = "split", "拆分"
        merged = "merged", "合并"
        watched = "watched", "重点监测"
        assigned = "assigned", "交办"
        done = "done", "办完"
        noted = "noted", "备注"
        dispersed = "dispersed", "平息"
        reopened = "reopened", "恢复"

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=What)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    words = FreeCharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["matter", "-id"], name="matter_event_newest")]


class Watch(models.Model):
    """An account follows a matter: it is told when cases join."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="watches", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "account"], name="watch_once")]


class Charge(models.Model):
    """交办: somebody, or a unit, is to look after a matter."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="charges")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    words = FreeCharField("要求", max_length=300)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    answer = FreeCharField("结果", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, unit__isnull=True) | Q(account__isnull=True, unit__isnull=False),
                name="charge_of_one",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_by__isnull=False), name="charge_done_by_somebody"
            ),
        ]


class Face(models.Model):
    """What is compared of a case that was looked at, its heaviest word first; kept while it may still find others."""

    case_id = models.BigIntegerField(primary_key=True)
    accepted_at = models.DateTimeField()
    person = models.BinaryField(null=True)
    street_id = models.BigIntegerField(null=True)
    area_id = models.BigIntegerField(null=True)
    category_id = models.BigIntegerField(null=True)
    words = ArrayField(models.CharField(max_length=60))
    weights = ArrayField(models.FloatField())
    asks = models.BooleanField(default=False)
    spot = models.CharField(max_length=60, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["accepted_at"], name="face_time")]


class FaceKey(models.Model):
    """A case that is in no matter, under one of the keys by which it is sought (`joining.keys_of`)."""

    pk = models.CompositePrimaryKey("key", "accepted_at", "case_id")
    key = models.BigIntegerField()
    accepted_at = models.DateTimeField()
    case_id = models.BigIntegerField()


class Repeat(models.Model):
    """一人多次: one telephone number, one thing, several cases within days. Found again each hour."""

    person = models.BinaryField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cases = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["-cases", "-id"], name="repeat_cases"),
            models.Index(fields=["person"], name="repeat_person"),
        ]


class RepeatCase(models.Model):
    """A case of a repeat."""

    repeat = models.ForeignKey(Repeat, models.CASCADE, related_name="rows")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")


class FollowUpLink(models.Model):
    """What a person decided: this case asks about the earlier one, or doesn't."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    earlier = models.ForeignKey(Case, models.CASCADE, related_name="+")
    accepted = models.BooleanField()
    reason = FreeCharField(max_length=200)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "earlier"], name="follow_up_link_once"),
            models.CheckConstraint(condition=~Q(case=F("earlier")), name="follow_up_link_of_two"),
        ]
