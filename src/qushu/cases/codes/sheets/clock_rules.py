"""时限规则 as a table. A changed line ends the old rule and makes another, as on the page."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor
from qushu.people.sheets.cells import code_of, moment_of, number_of, row_of
from qushu.people.sheets.imports import Done, Row, Sheet

from ...models import Case, Category, Channel, ClockRule
from ...models.clock import CLOCKS, MEASURES
from ..actions.clock_rules import RuleFacts, add_rule, change_rule, facts_of, shown

COLUMNS = (
    "规则",
    "时限",
    "诉求类型",
    "紧急程度",
    "类别代码",
    "渠道代码",
    "时长",
    "单位",
    "依据",
    "生效",
    "排在规则之前",
)


def rule_rows() -> Iterator[Row]:
    """The rules that count now or later, in their order; those with a planned end are left out, they can't be changed."""
    rows = ClockRule.objects.filter(effective_to__isnull=True).select_related("category", "channel")
    for one in rows.order_by("priority", "id"):
        yield row_of(
            COLUMNS,
            str(one.pk),
            one.get_clock_display(),
            one.get_kind_display() if one.kind else "",
            one.get_urgency_display() if one.urgency else "",
            one.category.code if one.category else "",
            one.channel.code if one.channel else "",
            str(one.amount),
            one.get_measure_display(),
            one.source,
            timezone.localtime(one.effective_from).strftime("%Y-%m-%d %H:%M"),
            "",
        )


def apply_rule(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Add a rule (no number) or let another take the place of the numbered one."""
    number = number_of(row.get("规则", ""), "规则")
    facts, since = _facts(row), moment_of(row.get("生效", ""), "生效")
    if number is None:
        before = number_of(row.get("排在规则之前", ""), "排在规则之前")
        made = add_rule(actor, facts, before, since, now, "批量导入")
        return Done("new", "", [str(value) for value in shown(made).values() if value])
    old = ClockRule.objects.select_related("category", "channel").filter(pk=number).first()
    if old is None:
        raise Refused(f"没有规则 {number}；新规则的这一格请空着。", code="import_rule")
    if facts == facts_of(old):
        return Done("same", str(number))
    before_words = shown(old)
    # The day in the file is that of the old rule unless somebody wrote a later one.
    new = change_rule(actor, number, facts, since if since and since > now else None, now, "批量导入")
    return Done("change", str(number), audit.change_words(audit.changes(before_words, shown(new))))


def _facts(row: Row) -> RuleFacts:
    amount = number_of(row["时长"], "时长") or 0
    kind, urgency = row.get("诉求类型", "").strip(), row.get("紧急程度", "").strip()
    return RuleFacts(
        code_of(list(CLOCKS), row["时限"], "时限"),
        amount,
        code_of(list(MEASURES), row["单位"], "单位"),
        code_of(list(Case.Kind.choices), kind, "诉求类型") if kind else "",
        code_of(list(Case.Urgency.choices), urgency, "紧急程度") if urgency else "",
        _category(row.get("类别代码", "").strip()),
        _channel(row.get("渠道代码", "").strip()),
        row.get("依据", "").strip(),
    )


def _category(code: str) -> Category | None:
    found = Category.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Refused(f"没有代码为“{code}”的类别。", code="import_category")
    return found


def _channel(code: str) -> Channel | None:
    found = Channel.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Refused(f"没有代码为“{code}”的渠道。", code="import_channel")
    return found


CLOCK_RULES = Sheet(
    kind="clock-rules",
    title="时限规则",
    action="codes.write",
    columns=COLUMNS,
    required=("时限", "时长", "单位"),
    help=(
        f"时限写：{'、'.join(name for _, name in CLOCKS)}；单位写：{'、'.join(name for _, name in MEASURES)}。空着的条件表示不限。",
        "“规则”空着是新增，排在最后，或排在“排在规则之前”写的规则之前。改动在“生效”写的以后时间生效，否则马上生效。",
        "旧的规则由新的接替，已经起算的期限不变；不在文件里的规则不会改动。",
    ),
    rows=rule_rows,
    apply_row=apply_rule,
    page="clock-rules",
    key_columns=("规则", "时限", "诉求类型", "紧急程度", "类别代码", "渠道代码"),
)
