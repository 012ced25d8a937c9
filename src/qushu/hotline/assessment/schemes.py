"""评分方案: a formula is never edited; what is to change becomes its next version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, QuerySet

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy
from qushu.people import audit
from qushu.people.access import Actor, require

from ..models import AssessmentPeriod, AssessmentRule, AssessmentScheme, AssessmentTier
from .measures import MEASURES, SUBJECTS
from .rules import PointRule

ACTION = "assessment.write"


@dataclass(frozen=True)
class SchemeFacts:
    """What a version says: its rules in order, its tiers (lowest, name), what tiers go by ("" is the score)."""

    name: str
    subject: str
    effective_from: date
    rules: Sequence[PointRule]
    tiers: Sequence[tuple[Decimal, str]]
    tier_by: str = "satisfied"
    freezes_on_day: int | None = None
    source: str = ""
    note: str = ""


@transaction.atomic
def make_scheme_version(actor: Actor, facts: SchemeFacts, now: datetime) -> AssessmentScheme:
    """The next version of the scheme of this name, or the first of a new one. Former versions stay as they are.

    Raises Forbidden; Refused when a rule makes no sense, or when the version would reach into months that are frozen.
    """
    require(actor, ACTION)
    _check(facts)
    former = AssessmentScheme.objects.filter(name=facts.name)
    version = (former.aggregate(Max("version"))["version__max"] or 0) + 1
    _check_beside(facts, former.order_by("-version").first())
    scheme = AssessmentScheme.objects.create(
        name=facts.name,
        subject=facts.subject,
        version=version,
        effective_from=facts.effective_from,
        source=tidy(facts.source)[:200],
        note=tidy(facts.note),
        tier_by=facts.tier_by,
        freezes_on_day=facts.freezes_on_day,
        made_by_id=actor.account_id,
        made_at=now,
    )
    AssessmentRule.objects.bulk_create(
        AssessmentRule(
            scheme=scheme,
            order=order,
            measure=rule.measure,
            target=rule.target,
            slope=rule.slope,
            floor=rule.floor,
            cap=rule.cap,
            weight=rule.weight,
            less_is_better=rule.less_is_better,
        )
        for order, rule in enumerate(facts.rules, 1)
    )
    AssessmentTier.objects.bulk_create(
        AssessmentTier(scheme=scheme, lowest=lowest, name=name) for lowest, name in facts.tiers
    )
    audit.record(
        actor,
        "assessment.scheme_made",
        f"scheme:{scheme.pk}",
        data={"name": str(scheme), "since": str(facts.effective_from)},
        now=now,
    )
    return scheme


def all_schemes() -> QuerySet[AssessmentScheme]:
    """Every scheme by subject, all versions, the newest first."""
    return AssessmentScheme.objects.select_related("made_by").order_by("subject", "name", "-version")


def scheme_by_id(scheme_id: int) -> AssessmentScheme:
    """Raises Missing."""
    scheme = AssessmentScheme.objects.filter(pk=scheme_id).first()
    if scheme is None:
        raise Missing("没有这个评分方案。请从方案列表中选择。")
    return scheme


def _check(facts: SchemeFacts) -> None:
    if not facts.name.strip() or facts.subject not in SUBJECTS:
        raise Refused("请填写方案名称和考核对象。没有保存。", code="incomplete", field="name")
    if not facts.rules:
        raise Refused("方案至少要有一条评分规则。没有保存。", code="no_rules")
    measures = [rule.measure for rule in facts.rules]
    if not set(measures) <= set(MEASURES) or len(set(measures)) < len(measures):
        raise Refused("每项指标只能有一条评分规则。没有保存；请删去重复的一条。", code="measure_twice")
    for rule in facts.rules:
        _check_rule(rule)
    lowest = [bound for bound, _ in facts.tiers]
    if len(set(lowest)) < len(lowest) or any(not name.strip() for _, name in facts.tiers):
        raise Refused("每一档须有名称和各不相同的下限。没有保存。", code="tiers")
    if facts.tier_by and facts.tier_by not in MEASURES:
        raise Refused("分档依据不是现有指标。没有保存。", code="tier_by", field="tier_by")


def _check_rule(rule: PointRule) -> None:
    name = MEASURES[rule.measure].name
    if not 0 <= rule.target <= 100:
        raise Refused(f"{name}的目标须在 0 与 100 之间。没有保存。", code="target")
    if rule.slope < 0 or not 0 <= rule.floor <= rule.cap or rule.weight <= 0:
        raise Refused(f"{name}：扣分不能为负，最低分不能高于满分，权重须大于 0。没有保存。", code="points")


def _check_beside(facts: SchemeFacts, newest: AssessmentScheme | None) -> None:
    if newest is None:
        return
    if newest.subject != facts.subject:
        raise Refused(
            f"同名方案的考核对象是{SUBJECTS[newest.subject]}，新版本不能改对象；请另起名称。没有保存。", code="subject"
        )
    if facts.effective_from < newest.effective_from:
        raise Refused(
            f"第 {newest.version} 版自 {newest.effective_from} 起生效，新版本不能更早。没有保存。",
            code="too_early",
            field="effective_from",
        )
    frozen = AssessmentPeriod.objects.filter(scheme__name=facts.name, ends_on__gte=facts.effective_from)
    if last := frozen.order_by("-ends_on").first():
        raise Refused(
            f"{last.starts_on} 至 {last.ends_on} 已按此方案固定，新版本须在其后生效。没有保存。",
            code="frozen",
            field="effective_from",
        )
