"""What a budget document consists of. Amounts are Decimal, in the document's unit (万元); places are line numbers."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Scope = Literal["long", "annual"]
Operator = Literal[">=", "<=", "=", "text", "date"]
Style = Literal["第部分", "、", "()"]
DEPARTMENT = "DEPT"
"""The owner of the department's own targets."""


@dataclass(frozen=True)
class Unread:
    """Words of the document that were not understood, or only by a guess that a person should look at."""

    line: int
    where: str
    words: str
    why: str


@dataclass(frozen=True)
class Reading:
    """A value of a target: a number with its unit, or words (`text`: a rank; `date`: a day or a year's end)."""

    operator: Operator
    value: Decimal | str
    unit: str = ""

    def __str__(self) -> str:
        sign = {">=": "≥ ", "<=": "≤ "}.get(self.operator, "")
        return f"{sign}{self.value}{self.unit}"


@dataclass(frozen=True)
class Target:
    """绩效指标. `former` are the values two years ago and last year, None where the document says 无 or has no column."""

    owner: str
    scope: Scope
    goal: str
    level1: str
    level2: str
    name: str
    promised: Reading
    former: tuple[Reading | None, Reading | None]
    line: int


@dataclass(frozen=True)
class Goal:
    """绩效总目标: its number among its owner's goals of this scope, and its words."""

    owner: str
    scope: Scope
    number: int
    words: str
    line: int


@dataclass(frozen=True)
class LineItem:
    """项目支出明细: an activity's cost by economic classification (支出经济分类), and how it was calculated."""

    project: str
    activity: str
    economic_code: str
    economic_name: str
    amount: Decimal
    basis: str
    line: int
    activity_code: str = ""


@dataclass(frozen=True)
class Purchase:
    """项目采购: a code of the procurement catalogue (政府采购品目分类目录), quantity, amount."""

    project: str
    catalogue_code: str
    quantity: Decimal
    amount: Decimal
    line: int


@dataclass(frozen=True)
class Source:
    """资金来源: where money comes from; None where the document leaves the amount empty."""

    name: str
    amount: Decimal | None
    line: int


@dataclass(frozen=True)
class Change:
    """What the document says of this year's change: the amount (below zero: less), None when no amount is said."""

    words: str
    amount: Decimal | None


@dataclass(frozen=True)
class Project:
    """项目申报表, one form."""

    code: str
    name: str
    facts: dict[str, str]
    """Single words of the form by their label: 项目属性, 支出项目类别, 起始年度, 终止年度, 项目主管部门, …"""
    ground: str
    plan: str
    total: Decimal
    budget: Decimal
    former: dict[int, Decimal]
    """Budgets of former years, by year."""
    change: Change
    sources: tuple[Source, ...]
    items: tuple[LineItem, ...]
    purchases: tuple[Purchase, ...]
    goals: tuple[Goal, ...]
    targets: tuple[Target, ...]
    line: int
    former_years: tuple[int, ...] = ()
    """The years of `former` as they are said, one that is said twice twice."""
    places: dict[str, int] = field(default_factory=dict)
    """The line of each label's words."""

    def at(self, label: str) -> int:
        """The line of what a label holds; the form's own where that isn't known."""
        return self.places.get(label, self.line)


@dataclass(frozen=True)
class FundLine:
    """A line of the department's own form (部门总体资金情况): this year's amount, its share in percent, two former years."""

    name: str
    amount: Decimal
    share: Decimal
    former: tuple[Decimal, Decimal]
    """Last year's amount and that of the year before, as the form has them."""
    line: int


@dataclass(frozen=True)
class ProjectGroup:
    """A line of 项目支出情况: a kind of project with its total and this year's budget."""

    name: str
    category: str
    total: Decimal
    budget: Decimal
    purpose: str
    line: int


@dataclass(frozen=True)
class Figure:
    """A number of the narrative with the sentence that says it."""

    value: Decimal
    unit: str
    sentence: str
    heading: str
    line: int


@dataclass(frozen=True)
class Heading:
    """A numbered heading outside the forms: 第三部分, 二、, (三). `style` is how the numeral is written, the highest first."""

    style: Style
    number: int
    words: str
    line: int


@dataclass(frozen=True)
class Department:
    """部门整体支出绩效目标申报表. `listed` are the goals as 整体绩效总目标 names them, `goals` those that head a table."""

    name: str
    funds: tuple[FundLine, ...]
    groups: tuple[ProjectGroup, ...]
    goals: tuple[Goal, ...]
    targets: tuple[Target, ...]
    line: int
    listed: tuple[Goal, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole disclosure of one department and year."""

    year: int
    unit: str
    department: Department
    projects: tuple[Project, ...]
    figures: tuple[Figure, ...]
    unread: tuple[Unread, ...] = field(default=())
    headings: tuple[Heading, ...] = ()
    units: tuple[tuple[str, int], ...] = ()
    """The unit of money as each table names it, with its line; `unit` is the first."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """The department's targets and then every project's, in the document's order."""
        return self.department.targets + tuple(target for project in self.projects for target in project.targets)
