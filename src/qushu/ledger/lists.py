"""Every list of the ledger as a file: for the same address the rows that its page shows, all of them. Amounts are 元."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from qushu.kernel.asked import number_in
from qushu.kernel.errors import Missing
from qushu.kernel.tables import Column

from .booking.planning import newest_plan, shares_of
from .booking.queries import asked_month
from .booking.rolling import MONTHS, MonthEnd, Standing, beside_plan, by_project, roll_up, three_years, whole
from .evaluation.models import Evaluation
from .evaluation.queries import ORDER, forms_of
from .indicators.queries import Indicator, Known, chosen_known, every_indicator, known_of, targets_of
from .indicators.rules import LIGHTS
from .models import Book, BudgetLine, Contract, DocumentFigure, Entry, Finding, PaymentOrder, Project, UnreadPart
from .queries import asked_document, asked_year, projects_of

Asked = Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A list: its title, its columns, and its rows for the parameters of its page's address. `rows` raises Missing."""

    title: str
    columns: Sequence[Column]
    rows: Callable[[Asked, datetime], Iterable[Any]]


def _owner(known: Known) -> Project | None:
    return known.target.project


def _hash(known: Known) -> str:
    return bytes(known.reading.digest).hex() if known.reading else ""


TARGETS = [
    Column("项目编码", lambda one: one.target.project.code if _owner(one) else "", 26),
    Column("项目", lambda one: one.target.project.name if _owner(one) else "部门整体", 30),
    Column("期限", lambda one: one.target.get_scope_display(), 8),
    Column("一级指标", lambda one: one.target.level1),
    Column("二级指标", lambda one: one.target.level2),
    Column("指标", lambda one: one.target.name, 36),
    Column("承诺", lambda one: one.target.promised),
    Column("现在", lambda one: one.value if one.value is not None else one.words),
    Column("单位", lambda one: one.target.unit, 8),
    Column("取值来源", lambda one: one.source_words, 12),
    Column("取值时间", lambda one: one.at, 20),
    Column("完成 %", lambda one: one.standing.reached, 10),
    Column("预计年末", lambda one: one.standing.forecast),
    Column("预计下限", lambda one: one.standing.low),
    Column("预计上限", lambda one: one.standing.high),
    Column("进度", lambda one: LIGHTS[one.standing.light], 12),
    Column("计入行数", lambda one: one.reading.rows if one.reading else None, 12),
    Column("计入行的哈希", _hash, 30),
    Column("填报依据", lambda one: one.statement.evidence if one.source == "stated" else "", 40),
]

INDICATORS = [
    Column("系统", lambda one: one.measure.system),
    Column("指标", lambda one: one.measure.name, 30),
    Column("单位", lambda one: one.measure.unit, 8),
    Column("方向", lambda one: "越大越好" if one.measure.better == "more" else "越小越好", 10),
    Column("口径", lambda one: one.measure.formula, 60),
    Column("编码", lambda one: one.measure.code, 26),
    Column("负责人", lambda one: one.owner_name),
    Column("更新时限（小时）", lambda one: one.fresh_hours),
]

EVALUATIONS = [
    Column("种类", lambda one: one.get_kind_display(), 10),
    Column("对象", lambda one: one.owner_name, 36),
    Column("年度", lambda one: one.year, 8),
    Column("截至", lambda one: one.as_of, 12),
    Column("状态", lambda one: one.get_state_display(), 10),
    Column("得分", lambda one: Decimal(one.snapshot["score"]) if one.is_self and one.snapshot else None, 10),
    Column("等级", lambda one: one.snapshot["grade"] if one.is_self and one.snapshot else "", 8),
    Column("填报", lambda one: one.written_by.name if one.written_by else ""),
    Column("复核", lambda one: one.reviewed_by.name if one.reviewed_by else ""),
    Column("签署", lambda one: one.signed_by.name if one.signed_by else ""),
    Column("签署时间", lambda one: one.signed_at, 20),
    Column("公开时间", lambda one: one.released_at, 20),
]

PROJECTS = [
    Column("项目编码", lambda one: one.code, 26),
    Column("项目名称", lambda one: one.name, 36),
    Column("总预算", lambda one: one.total),
    Column("当年预算", lambda one: one.budget),
    Column("上年预算", lambda one: one.last),
    Column("前年预算", lambda one: one.before),
    Column("变动", lambda one: one.change),
    Column("变动理由", lambda one: one.change_words, 40),
    Column("长期指标", lambda one: one.long, 10),
    Column("年度指标", lambda one: one.annual, 10),
]

FINDINGS = [
    Column("规则", lambda one: one.rule, 24),
    Column("两处所说", lambda one: one.said, 80),
    Column("应当", lambda one: one.should, 50),
    Column("两处的行", lambda one: "、".join(map(str, one.lines))),
]

UNREAD = [
    Column("行", lambda one: one.line, 8),
    Column("位置", lambda one: one.where, 30),
    Column("原文", lambda one: one.words, 60),
    Column("原因", lambda one: one.why, 40),
]

FIGURES = [
    Column("行", lambda one: one.line, 8),
    Column("数值", lambda one: one.value),
    Column("单位", lambda one: one.unit, 8),
    Column("标题", lambda one: one.heading, 30),
    Column("原句", lambda one: one.sentence, 80),
]


def _of(standing: Callable[[Any], Standing]) -> list[Column]:
    """The columns of money; `standing` of a row."""
    return [
        Column("预算", lambda row: standing(row).balance.budget),
        Column("可用", lambda row: standing(row).balance.free),
        Column("已签约未付", lambda row: standing(row).balance.committed),
        Column("已支付", lambda row: standing(row).balance.paid),
        Column("执行 %", lambda row: standing(row).share, 10),
        Column("计划 %", lambda row: standing(row).planned, 10),
        Column("比计划（点）", lambda row: standing(row).ahead, 12),
        Column("预计年末支付", lambda row: standing(row).forecast),
        *(Column(f"{month} 月支付", lambda row, at=month - 1: standing(row).paid[at]) for month in MONTHS),  # type: ignore[misc]
    ]


BOOKS = [Column("部门", lambda one: one.name, 36), *_of(lambda one: one)]

BOOK = [
    Column("项目编码", lambda row: row[0].code, 26),
    Column("项目", lambda row: row[0].name, 36),
    Column("明细", lambda row: row[1].name, 36),
    *_of(lambda row: row[1]),
]

PLAN = [
    Column("月份", lambda one: one.month, 8),
    Column("计划 %", lambda one: one.planned_share, 10),
    Column("计划累计支付", lambda one: one.planned),
    Column("累计支付", lambda one: one.paid),
    Column("执行 %", lambda one: one.share, 10),
    Column("比计划", lambda one: one.ahead),
]

YEARS = [
    Column("项目编码", lambda one: one.code, 26),
    Column("项目", lambda one: one.name, 36),
    *(Column(f"{words}预算", lambda one, at=at: one.budgets[at]) for at, words in enumerate(("前年", "上年", "本年"))),  # type: ignore[misc]
    *(Column(f"{words}支付", lambda one, at=at: one.paid[at]) for at, words in enumerate(("前年", "上年", "本年"))),  # type: ignore[misc]
    Column("只见于公开文件", lambda one: "、".join(
        words for words, stated in zip(("前年", "上年", "本年"), one.stated, strict=True) if stated
    )),
]  # fmt: skip

ENTRIES = [
    Column("月份", lambda one: one.month, 8),
    Column("类型", lambda one: one.get_kind_display(), 10),
    Column("摘要", lambda one: one.words, 40),
    Column("金额", lambda one: max(abs(moved.amount) for moved in one.postings.all())),
    Column("各方变动", lambda one: "，".join(f"{m.get_side_display()} {m.amount}" for m in one.postings.all()), 30),
    Column("经办", lambda one: one.made_by.name if one.made_by else "系统"),
    Column("入账时间", lambda one: one.made_at, 20),
]

_LINE = [
    Column("项目编码", lambda row: row.line.project_code),
    Column("经济科目编码", lambda row: row.line.economic_code),
    Column("功能科目编码", lambda row: row.line.function_code),
    Column("资金来源", lambda row: row.line.get_source_display()),
    Column("支出类别", lambda row: row.line.get_category_display()),
]
CONTRACTS = [
    Column("合同编号", lambda row: row.number),
    Column("合同名称", lambda row: row.name),
    Column("供应商", lambda row: row.supplier),
    Column("签订日期", lambda row: row.signed_on),
    Column("合同金额（元）", lambda row: row.amount),
    *_LINE,
]
PAYMENTS = [
    Column("支付凭证号", lambda row: row.number),
    Column("合同编号", lambda row: row.contract.number if row.contract else ""),
    Column("收款人", lambda row: row.payee),
    Column("支付日期", lambda row: row.paid_on),
    Column("支付金额（元）", lambda row: row.amount),
    *_LINE,
]
"""The columns in which contracts and payments come in."""


def _targets(asked: Asked, now: datetime) -> list[Known]:
    document = asked_document(asked)
    known = known_of(targets_of(document, asked), asked_year(asked, document.year), now)
    return chosen_known(known, asked)


def _indicators(asked: Asked, now: datetime) -> list[Indicator]:
    return every_indicator()


def _evaluations(asked: Asked, now: datetime) -> Iterable[Evaluation]:
    return forms_of(asked).order_by(*ORDER)


def _books(asked: Asked, now: datetime) -> list[Standing]:
    year = asked_year(asked, now.year)
    return roll_up(year, asked_month(asked, year, now))


def _book(asked: Asked) -> Book:
    found = Book.objects.filter(pk=number_in(asked.get("book", "")) or 0).first()
    if found is None:
        raise Missing("没有这本账。")
    return found


def _lines(asked: Asked, now: datetime) -> list[tuple[Standing, Standing]]:
    book = _book(asked)
    projects = by_project(book, asked_month(asked, book.year, now))
    return [(project, line) for project in projects for line in project.lines]


def _plan(asked: Asked, now: datetime) -> list[MonthEnd]:
    book = _book(asked)
    through = asked_month(asked, book.year, now)
    return beside_plan(whole(by_project(book, through)), shares_of(newest_plan(book)), through)


def _years(asked: Asked, now: datetime) -> Iterable[Any]:
    book = _book(asked)
    return three_years(book.department, book.year)


def _entries(asked: Asked, now: datetime) -> Iterable[Entry]:
    line = BudgetLine.objects.filter(pk=number_in(asked.get("line", "")) or 0).first()
    if line is None:
        raise Missing("没有这条预算明细。")
    return line.entries.select_related("made_by").prefetch_related("postings").order_by("id")


SHEETS: dict[str, Sheet] = {
    "targets": Sheet("绩效指标", TARGETS, _targets),
    "indicators": Sheet("全部指标", INDICATORS, _indicators),
    "evaluations": Sheet("绩效自评", EVALUATIONS, _evaluations),
    "projects": Sheet("项目", PROJECTS, lambda asked, now: projects_of(asked_document(asked))),
    "findings": Sheet("前后不一致", FINDINGS, lambda asked, now: Finding.objects.filter(document=asked_document(asked))),
    "unread": Sheet("没有读出的内容", UNREAD, lambda asked, now: UnreadPart.objects.filter(document=asked_document(asked))),
    "figures": Sheet("说明中的数字", FIGURES, lambda asked, now: DocumentFigure.objects.filter(document=asked_document(asked))),
    "books": Sheet("各部门", BOOKS, _books),
    "book": Sheet("各项目执行", BOOK, _lines),
    "plan": Sheet("按月执行对照计划", PLAN, _plan),
    "years": Sheet("三年对照", YEARS, _years),
    "entries": Sheet("分录", ENTRIES, _entries),
    "contracts": Sheet("合同", CONTRACTS, lambda asked, now: Contract.objects.filter(book=_book(asked)).select_related("line")),
    "payments": Sheet("支付", PAYMENTS, lambda asked, now: PaymentOrder.objects.filter(book=_book(asked)).select_related("line", "contract")),
}  # fmt: skip
"""By the name that stands in the address."""
