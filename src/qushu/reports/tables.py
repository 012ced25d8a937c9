"""Writes of what reports are made from: templates, rules of findings, advice."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from qushu.kernel.errors import Missing, Refused
from qushu.people import audit
from qushu.people.access import Actor

from .actions import require_all
from .models import Advice, FindingRule, ReportTemplate
from .parts import PARTS
from .queries import newest_template
from .templating import check_words, read_body


@transaction.atomic
def change_template(actor: Actor, kind: str, said: dict[str, Any], now: datetime) -> ReportTemplate:
    """A new version of a kind's template; reports made with the old one keep it. Raises Forbidden, Refused."""
    require_all(actor, "reports.write")
    read_body(said["body"], PARTS)
    for name, what in (("title", "标题"), ("masthead", "版头"), ("addressed", "主送")):
        check_words(said[name], what, name)
    old = newest_template(kind)
    try:
        made = ReportTemplate.objects.create(
            kind=kind, version=old.version + 1, made_by_id=actor.account_id, made_at=now, **said
        )
    except IntegrityError as error:
        raise Refused("另一个人刚刚改了这个模板。没有保存；请刷新后再改。", code="stale") from error
    before = {name: getattr(old, name) for name in said if name != "body"}
    data = audit.changes(
        before | {"version": old.version}, {name: said[name] for name in before} | {"version": made.version}
    )
    audit.record(actor, "report_template.changed", f"report_template:{kind}", data=data, now=now)
    return made


@transaction.atomic
def change_rule(actor: Actor, rule_id: int | None, said: dict[str, Any], now: datetime) -> FindingRule:
    """Write a rule of findings, or a new one. Raises Forbidden, Missing, Refused."""
    require_all(actor, "reports.write")
    twin = FindingRule.objects.filter(measure=said["measure"], dimension=said["dimension"]).exclude(pk=rule_id or 0)
    if twin.exists():
        raise Refused("这个指标和维度已经有一条规则。没有保存；请改那一条。", field="dimension")
    rule = FindingRule() if rule_id is None else _found(FindingRule, rule_id)
    before = {name: getattr(rule, name) for name in said} if rule_id else {}
    for name, value in said.items():
        setattr(rule, name, value)
    rule.save()
    data = audit.changes(before, said)
    audit.record(actor, "finding_rule.changed", f"finding_rule:{rule.measure} {rule.dimension}", data=data, now=now)
    return rule


@transaction.atomic
def change_advice(actor: Actor, advice_id: int | None, said: dict[str, Any], now: datetime) -> Advice:
    """Write a line of the advice table, or a new one. Raises Forbidden, Missing, Refused when it has digits."""
    require_all(actor, "reports.write")
    check_words(said["words"], "建议", "words")
    advice = Advice() if advice_id is None else _found(Advice, advice_id)
    before = {name: getattr(advice, name) for name in said} if advice_id else {}
    for name, value in said.items():
        setattr(advice, name, value)
    advice.save()
    audit.record(actor, "advice.changed", f"advice:{advice.pk}", data=audit.changes(before, said), now=now)
    return advice


def _found(model: Any, pk: int) -> Any:
    found = model.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Missing("没有这一条。什么也没有改变。")
    return found
