"""项目申报表: the form of one project, read by its labels in their order."""

import re
from decimal import Decimal

from .flow import Flow
from .parts import Change, Goal, LineItem, Project, Purchase, Scope, Source, Target, Unread
from .targets import Table, read_targets
from .values import AMOUNT, MONEY, money_of, number_of

GROUND, PLAN, TOTAL, BUDGET = "项目立项依据", "项目实施方案", "项目总预算", "项目当年预算"
CHANGE = "项目前两年预算及当年预算变动情况"
LABELS = (
    "项目名称", "项目编码", "项目主管部门", "项目执行单位", "项目负责人", "联系电话", "单位地址", "邮政编码", "项目属性", "支出项目类别", "起始年度", "终止年度",
    GROUND, PLAN, TOTAL, BUDGET, CHANGE, "项目资金来源", "项目支出明细测算", "项目采购", "项目绩效总目标",
    "长期绩效目标表", "年度绩效目标表",
)  # fmt: skip
SOURCES = (
    "合计", "一般公共预算财政拨款", "其中：申请当年预算拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款", "财政专户管理资金", "单位资金",
    "其中：使用上年度财政拨款结转",
)  # fmt: skip
PURCHASE_HEAD = "品名数量金额"
FACTS = ("项目主管部门", "项目执行单位", "单位地址", "邮政编码", "项目属性", "支出项目类别", "起始年度", "终止年度")
CODE = r"\d{11}[A-Z]\d{9}"
_ITEM = re.compile(
    rf"(?P<code>\d{{11}}\s?[A-Z]\d{{9}})(?P<activity>\D.*?)(?P<economic>\d{{5}})-(?P<name>[^\d]+?)\s?(?P<amount>{AMOUNT})(?=\D|$)"
)
_PURCHASE = re.compile(rf"(?P<code>[A-C]\d{{8}}) (?P<quantity>{AMOUNT}) (?P<amount>{AMOUNT})(?= |$)")
_FORMER = re.compile(rf"(?P<year>\d{{4}})年的?预算安排为?{MONEY}")
_MORE = re.compile(rf"(?:增加|新增)(?:预算|经费)?{MONEY}")
_LESS = re.compile(rf"(?:减少|压减|下降)(?:预算|经费)?{MONEY}")
_NONE = re.compile(r"无变[动化]")
_GOAL = re.compile(r"(?P<scope>长期|年度)绩效目标\s?(?P<number>\d+)")
_SCOPES: dict[str, Scope] = {"长期": "long", "年度": "annual"}


class NotAProject(ValueError):
    """A form that misses what every project has; its words tell what."""


def read_project(flow: Flow, unit: str) -> tuple[Project, list[Unread]]:
    """The project of one form; `unit` is that of the document's amounts. Raises NotAProject when code, name or amounts can't be read."""
    fields, unread = _fields(flow)
    code = fields["项目编码"].text
    if not re.fullmatch(CODE, code):
        raise NotAProject(f"项目编码“{code[:40]}”不是 11 位数字、一个字母、9 位数字")
    former, change = _changes(fields[CHANGE].text, unit)
    goals = _goals(fields["项目绩效总目标"], code)
    targets: list[Target] = []
    for scope, label in (("long", "长期绩效目标表"), ("annual", "年度绩效目标表")):
        if not fields[label].text:
            continue
        words = {goal.number: goal.words for goal in goals if goal.scope == scope}
        table = Table(code, scope, words, f"{code} {label}")  # type: ignore[arg-type]
        rows, left = read_targets(fields[label], table)
        targets += rows
        unread += left
    items, left = _items(fields["项目支出明细测算"], code)
    bought, more = _purchases(fields["项目采购"], code)
    project = Project(
        code=code,
        name=fields["项目名称"].text,
        facts={label: fields[label].text for label in FACTS if fields[label].text},
        ground=fields[GROUND].text,
        plan=fields[PLAN].text,
        total=_amount(fields[TOTAL], TOTAL),
        budget=_amount(fields[BUDGET], BUDGET),
        former=former,
        change=change,
        sources=tuple(_sources(fields["项目资金来源"])),
        items=tuple(items),
        purchases=tuple(bought),
        goals=tuple(goals),
        targets=tuple(targets),
        line=flow.line(0),
        former_years=tuple(int(one["year"]) for one in _FORMER.finditer(fields[CHANGE].text)),
        places={label: field.line(0) for label, field in fields.items() if field.text},
    )
    return project, [*unread, *left, *more]


def _fields(flow: Flow) -> tuple[dict[str, Flow], list[Unread]]:
    """What stands after each label, up to the next that is there. Labels come in the form's order."""
    places: list[tuple[str, int, int]] = []
    unread: list[Unread] = []
    after = 0
    for label in LABELS:
        found = _find_label(flow, label, after)
        if found < 0:
            unread.append(Unread(flow.line(after), "项目申报表", label, "表中没有这一栏"))
            continue
        places.append((label, found, found + len(label)))
        after = found + len(label)
    fields = {label: flow.part(0, 0) for label in LABELS}
    for number, (label, _, end) in enumerate(places):
        until = places[number + 1][1] if number + 1 < len(places) else len(flow.text)
        fields[label] = flow.part(end, until)
    return fields, unread


def _find_label(flow: Flow, label: str, after: int) -> int:
    place = flow.text.find(label, after)
    while place >= 0 and not flow.begins(place):
        place = flow.text.find(label, place + 1)
    return place


def _amount(field: Flow, label: str) -> Decimal:
    found = re.match(rf"({AMOUNT})(?= |$)", field.text)
    if not found:
        raise NotAProject(f"{label}“{field.text[:40]}”不是金额")
    return number_of(found[1])


def _changes(words: str, unit: str) -> tuple[dict[int, Decimal], Change]:
    """Former years' budgets, and this year's change with its reason."""
    former = {int(found["year"]): money_of(found, unit) for found in _FORMER.finditer(words)}
    said = words.split("当年预算变动情况及理由", 1)[-1].lstrip("：:") if "当年预算变动" in words else ""
    if more := _MORE.search(said):
        return former, Change(said, money_of(more, unit))
    if less := _LESS.search(said):
        return former, Change(said, -money_of(less, unit))
    return former, Change(said, Decimal(0) if _NONE.search(said) else None)


def _sources(flow: Flow) -> list[Source]:
    found = [(flow.text.find(name), name) for name in SOURCES]
    placed = sorted((place, name) for place, name in found if place >= 0 and flow.begins(place))
    sources = []
    for number, (place, name) in enumerate(placed):
        until = placed[number + 1][0] if number + 1 < len(placed) else len(flow.text)
        said = flow.text[place + len(name) : until].strip()
        amount = number_of(said) if re.fullmatch(r"\d[\d,]*(\.\d+)?", said) else None
        sources.append(Source(name, amount, flow.line(place)))
    return sources


def _items(flow: Flow, project: str) -> tuple[list[LineItem], list[Unread]]:
    found = list(_ITEM.finditer(flow.text))
    items = []
    for number, one in enumerate(found):
        until = found[number + 1].start() if number + 1 < len(found) else len(flow.text)
        items.append(
            LineItem(
                project=project,
                activity=one["activity"].strip(),
                economic_code=one["economic"],
                economic_name=one["name"],
                amount=number_of(one["amount"]),
                basis=flow.text[one.end() : until].strip(),
                line=flow.line(one.start()),
                activity_code=one["code"].replace(" ", ""),
            )
        )
    said = len(re.findall(r"\d{11}\s?[A-Z]\d{9}", flow.text))
    if said == len(items) and items:
        return items, []
    why = f"有 {said} 个活动编码，读出 {len(items)} 行"
    return items, [Unread(flow.line(0), f"{project} 项目支出明细测算", flow.text[:120], why)]


def _purchases(flow: Flow, project: str) -> tuple[list[Purchase], list[Unread]]:
    rows, after = [], len(PURCHASE_HEAD) if flow.text.startswith(PURCHASE_HEAD) else 0
    for one in _PURCHASE.finditer(flow.text):
        rows.append(
            Purchase(
                project=project,
                catalogue_code=one["code"],
                quantity=number_of(one["quantity"]),
                amount=number_of(one["amount"]),
                line=flow.line(one.start()),
            )
        )
        after = one.end()
    left = flow.text[after:].strip()
    unread = [Unread(flow.line(after), f"{project} 项目采购", left[:120], "没有认出采购行")] if left else []
    return rows, unread


def _goals(flow: Flow, owner: str) -> list[Goal]:
    found = [one for one in _GOAL.finditer(flow.text) if flow.begins(one.start())]
    goals = []
    for number, one in enumerate(found):
        until = found[number + 1].start() if number + 1 < len(found) else len(flow.text)
        words = flow.text[one.end() : until].strip()
        goals.append(Goal(owner, _SCOPES[one["scope"]], int(one["number"]), words, flow.line(one.start())))
    return goals
