"""Make the ledger's examples anew: `python scripts/examples.py DISCLOSURE [INTO]` (INTO: docs/examples).

A throw-away centre reads the real disclosure of 2024 over a generated year of 12,000 cases. Its people bind what the
hotline measures, state the rest (marked 演示), spend the money, and take the forms through draft, review and signature.
The same disclosure gives the same papers but for their fonts (QUSHU_FONTS).
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qushu.ledger.evaluation.models import Evaluation
    from qushu.ledger.models import BudgetDocument, Project, Target
    from qushu.people.access import Actor

CASES, YEAR = 12_000, 2024
HOTLINE, PORTAL = "42010523031T000000100", "42010524031T000000100"
HALF_YEAR, YEAR_END = date(YEAR, 6, 30), date(YEAR, 12, 31)
FILLED = {HALF_YEAR: datetime(YEAR, 7, 8, 2, tzinfo=UTC), YEAR_END: datetime(YEAR + 1, 1, 15, 2, tzinfo=UTC)}
"""When the forms of a day are filled in and signed."""

SPENT = Decimal("0.49")
"""The share of every line that is paid in each half of the year."""

STATED: dict[str, tuple[str, str]] = {
    "群众诉求件办理工作全市中心城区的综合排名": ("综合排名中心城区第 2 名", "市级月度考核通报，综合科存档"),
    "为人大代表对区财政预算提供便捷的监督方式": ("100", "区人大预算联网监督系统运维月报 12 期"),
    "全年发布信息数量": ("3412", "门户网站年度台账"),
    "月度监测、季度抽查和年度绩效评估达到上级要求": ("100", "市级季度抽查通报 4 期"),
    "栏目更新符合国办公开办的要求": ("100", "栏目更新检查记录"),
    "全年累计访问量": ("126", "门户网站访问统计"),
    "每月独立访客人数": ("5.3", "门户网站访问统计"),
    "各单位信息发布流程满意率": ("93.5", "信息发布满意度问卷"),
    "全年运维报告篇数": ("12", "运维月报 12 期"),
    "数据共享交换平台和视频汇聚平台正常运行": ("99.9", "平台运行日志"),
    "平台故障的响应时间": ("22", "故障处置台账"),
    "汇聚数据4亿条": ("100", "资源池统计"),
    "全年安全报告篇数": ("31", "安全报告目录"),
    "全区出现网络安全事故": ("2", "安全事件台账"),
    "网络安全故障的响应时间": ("18", "安全事件台账"),
    "对全区的政务网络及政府机关机房的安全状况进行实时监控": ("100", "监控平台值守记录"),
    "安全防护满意度": ("86.2", "安全服务满意度问卷"),
    "全年资金使用额": ("29.4", "支付台账"),
}
"""What people state at the year's end, by the target's name: value or words, and the evidence."""

REASONS = {
    "全年接受投诉案件": "演示区只生成了一万二千件诉求，少于承诺的件数",
    "按时办结率": "少数承办单位逾期较多，已列入督办",
    "市民热线工作群众满意度": "少数诉求满意率偏低，已约谈承办单位",
}
TEXTS = {
    "reached": "热线受理、派单、办理、回访全程由系统记录，系统测得的各值由系统自动取得；其余各值由人填报，为演示。",
    "measures": "对拉低按时办结率和满意率的单位按月督办；未接入的系统年内逐步接入。",
}


def main() -> int:
    """Make the centre, take it through the year, write the papers."""
    if not 2 <= len(sys.argv) <= 3:
        sys.stderr.write("usage: python scripts/examples.py DISCLOSURE [INTO]\n")
        return 2
    disclosure = Path(sys.argv[1]).absolute()
    into = Path(sys.argv[2] if len(sys.argv) == 3 else Path(__file__).parents[1] / "docs" / "examples")

    from qushu.kernel.commandline import district
    from qushu.kernel.postgres import home

    os.environ.setdefault("QUSHU_FONTS", str(home() / "fonts"))
    os.environ.pop("QUSHU_DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="qushu-examples-") as centre:
        os.chmod(centre, 0o755)  # the database may run as another user
        os.environ["QUSHU_HOME"] = centre
        with district():
            for name, content in papers(disclosure):
                (into / name).write_bytes(content)
                sys.stdout.write(f"{into / name}  {len(content):,} bytes\n")
    return 0


def papers(disclosure: Path) -> Iterable[tuple[str, bytes]]:
    """File names and contents, as they are made."""
    from django.core.management import call_command

    from qushu.demo.load import load_district
    from qushu.ledger.actions import keep_document
    from qushu.people.access import SYSTEM
    from qushu.people.first_accounts import ensure_first_accounts

    call_command("migrate", interactive=False, verbosity=0)
    load_district(CASES, until=YEAR_END)
    ensure_first_accounts()
    document = keep_document(SYSTEM, disclosure, datetime(YEAR, 2, 20, 2, tzinfo=UTC))
    people = {role: person(role) for role in ("analyst", "supervisor", "leader")}
    hotline, portal = (document.projects.get(code=code) for code in (HOTLINE, PORTAL))
    bind(people, [*hotline.targets.filter(scope="annual")])
    spend(document)
    for day in (HALF_YEAR, YEAR_END):
        state(people["analyst"], document, day)
        if day == HALF_YEAR:
            yield f"monitoring-{HOTLINE}.pdf", signed(people, document, hotline, "monitor", day)
    for project in (hotline, portal, None):
        owner = project.code if project else "department"
        yield f"self-evaluation-{owner}.pdf", signed(people, document, project, "self", YEAR_END)
    yield from tables(document)


def person(role: str) -> "Actor":
    """The first account of a role."""
    from qushu.people.access import Actor, GrantValue
    from qushu.people.models import Account

    account = Account.objects.get(username=role)
    return Actor(account.name, (GrantValue(role),), account.pk)


def bind(people: Mapping[str, "Actor"], targets: Iterable["Target"]) -> None:
    """Bind what a running system measures: the analyst proposes the best suggestion, the leader approves."""
    from qushu.kernel.measures import SystemMeasure
    from qushu.ledger.indicators.actions import decide_binding, propose_binding
    from qushu.ledger.indicators.queries import suggestions

    now = FILLED[HALF_YEAR]
    for target in targets:
        best = next(iter(suggestions(target)), None)
        if best and isinstance(best[0], SystemMeasure):
            asked = propose_binding(people["analyst"], target.pk, best[0].code, now)
            decide_binding(people["leader"], asked.pk, True, "口径一致", now)


def spend(document: "BudgetDocument") -> None:
    """Commit nearly all of every line in January and pay it in two halves."""
    from qushu.ledger.booking.actions import enter, open_book
    from qushu.ledger.booking.queries import balance_of
    from qushu.people.access import SYSTEM

    now = datetime(YEAR, 1, 5, 2, tzinfo=UTC)
    for line in open_book(SYSTEM, document, now).lines.order_by("pk"):
        half = (balance_of(line).free * SPENT).quantize(Decimal("0.01"), ROUND_DOWN)
        enter(SYSTEM, line.pk, "commitment", half * 2, 1, "演示合同", now)
        for month in (6, 12):
            enter(SYSTEM, line.pk, "payment", half, month, "演示付款", now)


def state(actor: "Actor", document: "BudgetDocument", day: date) -> None:
    """State what no system measures: at half-time half of what counts over the year."""
    from qushu.ledger.indicators.actions import state_value

    for target in document.targets.filter(scope="annual", name__in=STATED).order_by("place"):
        said, evidence = STATED[target.name]
        if target.number is None:
            state_value(actor, target.pk, YEAR, None, said, f"（演示）{evidence}", FILLED[day], as_of=day)
        else:
            adds_up = day == HALF_YEAR and target.operator == ">=" and target.unit != "%"
            value = Decimal(said) / 2 if adds_up else Decimal(said)
            state_value(actor, target.pk, YEAR, value, "", f"（演示）{evidence}", FILLED[day], as_of=day)


def signed(
    people: Mapping[str, "Actor"], document: "BudgetDocument", project: "Project | None", kind: str, day: date
) -> bytes:
    """A form as of a day, written by the analyst, reviewed by the supervisor, signed by the leader, as PDF."""
    from qushu.kernel.papers import write_pdf
    from qushu.ledger.evaluation import actions
    from qushu.ledger.evaluation.paper import paper_of

    now = FILLED[day]
    project_id = project.pk if project else None
    form = actions.draw_up(people["analyst"], document.pk, project_id, kind, day, now)
    actions.write(people["analyst"], form.pk, TEXTS, reasons(form), now)
    actions.submit(people["analyst"], form.pk, now)
    actions.review(people["supervisor"], form.pk, now)
    form = actions.sign(people["leader"], form.pk, now)
    return write_pdf(paper_of(form.snapshot, form.seal.hex()))


def reasons(form: "Evaluation") -> dict:
    """Full marks for what is words; why, for what the form asks about."""
    from qushu.ledger.evaluation.actions import LineSaid
    from qushu.ledger.evaluation.drawing import needs_reason

    said = {}
    for line in form.lines.select_related("target"):
        line.percent = None if line.target.number is not None else Decimal(100)
        why = REASONS.get(line.target.name, "见总体说明") if needs_reason(line) else ""
        said[line.pk] = LineSaid(why, line.percent)
    return said


def tables(document: "BudgetDocument") -> Iterable[tuple[str, bytes]]:
    """The twelve tables of the first draft: what the disclosure shows as pictures stays empty."""
    from qushu.ledger.disclosure.files import WRITERS
    from qushu.ledger.disclosure.twelve import tables_of
    from qushu.ledger.versions.actions import draft_from_document
    from qushu.people.access import SYSTEM

    version = draft_from_document(SYSTEM, document, datetime(YEAR, 2, 21, 2, tzinfo=UTC))
    grids = tables_of(version)
    for form in ("xlsx", "docx"):
        yield f"twelve-tables.{form}", WRITERS[form](grids, version)


if __name__ == "__main__":
    sys.exit(main())
