"""What stands in tables 1 to 10, as data.

The names and the order are those of the disclosures of Wuhan's districts; the columns are those of the forms that go with the ministry's
unified budget system (财政部预算管理一体化规范), as departments publish them. Conditions name fields of `versions.rules.Row`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..versions.rules import BASIC, FUNDS, OWN_INCOME
from .grid import Path

Where = Mapping[str, tuple[object, ...]]
By = Literal["function", "economic", "unit", "project"]


@dataclass(frozen=True)
class AmountColumn:
    """A column of amounts: its heading and the rows that count in it."""

    path: Path
    where: Where


@dataclass(frozen=True)
class ListTable:
    """A table with a line for each class, unit or project. `where` says which rows it is about."""

    number: int
    title: str
    by: By
    where: Where
    labels: tuple[Path, ...]
    columns: tuple[AmountColumn, ...]
    wide: bool = False
    none: str = ""
    """What is said when there are no such rows."""


CODE_AND_NAME = (("功能分类科目", "科目编码"), ("功能分类科目", "科目名称"))
SPENT: Where = {
    "side": ("spending",),
    "category": ("personnel", "operating", "project", "business", "upward", "downward"),
}
ALL: Where = {}


def _category(*names: str) -> Where:
    return {"category": names}


INCOME_TABLE = ListTable(
    2,
    "部门收入总表",
    "unit",
    {"side": ("income",)},
    (("部门（单位）代码",), ("部门（单位）名称",)),
    (
        AmountColumn(("合计",), ALL),
        AmountColumn(("本年收入", "小计"), {"carried": (False,)}),
        *(
            AmountColumn(("本年收入", words), {"carried": (False,), "source": (code,)})
            for code, words in (FUNDS | OWN_INCOME).items()
            if code != "own"
        ),
        AmountColumn(("上年结转结余", "小计"), {"carried": (True,)}),
        *(
            AmountColumn(("上年结转结余", words), {"carried": (True,), "fund": (code,)})
            for code, words in FUNDS.items()
        ),
    ),
    wide=True,
)

SPENDING_TABLE = ListTable(
    3,
    "部门支出总表",
    "function",
    SPENT,
    (("科目编码",), ("科目名称",)),
    (
        AmountColumn(("合计",), ALL),
        AmountColumn(("基本支出",), _category(*BASIC)),
        AmountColumn(("项目支出",), _category("project")),
        AmountColumn(("事业单位经营支出",), _category("business")),
        AmountColumn(("上缴上级支出",), _category("upward")),
        AmountColumn(("对附属单位补助支出",), _category("downward")),
    ),
    wide=True,
)

GENERAL_TABLE = ListTable(
    5,
    "一般公共预算支出表",
    "function",
    {**SPENT, "fund": ("general",)},
    CODE_AND_NAME,
    (
        AmountColumn(("合计",), ALL),
        AmountColumn(("基本支出", "小计"), _category(*BASIC)),
        AmountColumn(("基本支出", "人员经费"), _category("personnel")),
        AmountColumn(("基本支出", "公用经费"), _category("operating")),
        AmountColumn(("项目支出",), _category("project")),
    ),
    wide=True,
    none="本部门没有使用一般公共预算安排的支出。",
)

BASIC_TABLE = ListTable(
    6,
    "一般公共预算基本支出表",
    "economic",
    {"side": ("spending",), "fund": ("general",), "category": BASIC},
    (("部门预算支出经济分类科目", "科目编码"), ("部门预算支出经济分类科目", "科目名称")),
    (
        AmountColumn(("本年一般公共预算基本支出", "合计"), ALL),
        AmountColumn(("本年一般公共预算基本支出", "人员经费"), _category("personnel")),
        AmountColumn(("本年一般公共预算基本支出", "公用经费"), _category("operating")),
    ),
    none="本部门没有使用一般公共预算安排的基本支出。",
)

ABROAD, CAR_BUYING, CAR_RUNNING, RECEPTION = ("30212",), ("30913", "31013"), ("30231",), ("30217",)
THREE_PUBLIC = ABROAD + CAR_BUYING + CAR_RUNNING + RECEPTION
"""经济科目 that make up 三公."""

THREE_TABLE = ListTable(
    7,
    "一般公共预算“三公”经费支出表",
    "unit",
    {"side": ("spending",), "fund": ("general",), "economic_code": THREE_PUBLIC},
    (("部门（单位）代码",), ("部门（单位）名称",)),
    (
        AmountColumn(("“三公”经费合计",), ALL),
        AmountColumn(("因公出国（境）费",), {"economic_code": ABROAD}),
        AmountColumn(("公务用车购置及运行费", "小计"), {"economic_code": CAR_BUYING + CAR_RUNNING}),
        AmountColumn(("公务用车购置及运行费", "公务用车购置费"), {"economic_code": CAR_BUYING}),
        AmountColumn(("公务用车购置及运行费", "公务用车运行费"), {"economic_code": CAR_RUNNING}),
        AmountColumn(("公务接待费",), {"economic_code": RECEPTION}),
    ),
    wide=True,
    none="一般公共预算未安排“三公”经费支出预算。",
)


def _fund_table(number: int, fund: str) -> ListTable:
    words = FUNDS[fund]
    return ListTable(
        number,
        f"{words}支出表",
        "function",
        {**SPENT, "fund": (fund,)},
        (("科目编码",), ("科目名称",)),
        (
            AmountColumn((f"本年{words}支出", "合计"), ALL),
            AmountColumn((f"本年{words}支出", "基本支出"), _category(*BASIC)),
            AmountColumn((f"本年{words}支出", "项目支出"), _category("project")),
        ),
        none=f"本部门没有使用{words}安排的支出。",
    )


PROJECT_TABLE = ListTable(
    10,
    "项目支出表",
    "project",
    {"side": ("spending",), "category": ("project",)},
    (("类型",), ("项目名称",), ("项目单位",)),
    (
        AmountColumn(("合计",), ALL),
        *(
            AmountColumn((words, FUNDS[fund]), {"carried": (carried,), "fund": (fund,)})
            for words, carried in (("本年拨款", False), ("财政拨款结转结余", True))
            for fund in ("general", "fund", "capital")
        ),
        AmountColumn(("财政专户管理资金",), {"fund": ("special",)}),
        AmountColumn(("单位资金",), {"fund": ("own",)}),
    ),
    wide=True,
    none="本部门没有项目支出。",
)

LIST_TABLES = (
    INCOME_TABLE,
    SPENDING_TABLE,
    GENERAL_TABLE,
    BASIC_TABLE,
    THREE_TABLE,
    _fund_table(8, "fund"),
    _fund_table(9, "capital"),
    PROJECT_TABLE,
)
