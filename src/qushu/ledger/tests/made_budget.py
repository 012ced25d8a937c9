"""A made-up department whose budget fills all twelve tables, and random ones that balance."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from hypothesis import strategies as st

from qushu.kernel.tables import csv_lines, write_xlsx
from qushu.ledger.versions.rules import FUNDS, OWN_INCOME, Row, total
from qushu.ledger.versions.sheet import columns

DEPARTMENT = "临江区数字服务中心"
NETWORK, HOTLINE = "42010524031T000000201", "42010524031T000000202"


def yuan(text: str) -> Decimal:
    """An amount of 元."""
    return Decimal(text).quantize(Decimal("0.01"))


def income(amount: str, source: str, **more: object) -> Row:
    return Row("income", yuan(amount), source, unit_code="031001", unit_name=DEPARTMENT, **more)  # type: ignore[arg-type]


def spending(amount: str, source: str, category: str, function: str, economic: str, **more: object) -> Row:
    return Row(
        "spending", yuan(amount), source, unit_code="031001", unit_name=DEPARTMENT, category=category,
        function_code=function, economic_code=economic, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def project(amount: str, source: str, economic: str, code: str, name: str, function: str = "2010399", **more: object) -> Row:  # fmt: skip
    return spending(amount, source, "project", function, economic, project_code=code, project_name=name, **more)


def xlsx_of(rows: Iterable[Row]) -> bytes:
    """The rows as the workbook that the page of a version gives."""
    file = BytesIO()
    write_xlsx(rows, columns(), file, "预算明细")
    return file.getvalue()


def csv_of(rows: Iterable[Row]) -> str:
    """The rows as CSV, the same."""
    return "".join(csv_lines(rows, columns()))


def made_rows() -> list[Row]:
    """Every fund, every category, carried money, 三公: its project names and codes are those of made_document."""
    return [
        income("2011234.56", "general"),
        income("300000", "fund"),
        income("50000.10", "capital"),
        income("7000", "special"),
        income("11000", "career"),
        income("12000", "business"),
        income("13000", "superior"),
        income("14000", "subordinate"),
        income("15000.05", "other"),
        income("8000", "general", carried=True),
        income("900", "own", carried=True),
        spending("400000.12", "general", "personnel", "2010350", "30101"),
        spending("200000", "general", "personnel", "2080505", "30108"),
        spending("150000.44", "general", "operating", "2010350", "30201"),
        spending("12000", "general", "operating", "2010350", "30217"),
        spending("25000", "general", "operating", "2010350", "30231"),
        spending("30000", "own", "operating", "2010350", "30299"),
        project("800000", "general", "30214", NETWORK, "通信链路租赁费"),
        project("400000", "general", "30226", HOTLINE, "OA 系统和市民热线运行经费"),
        project("8000", "general", "30212", HOTLINE, "OA 系统和市民热线运行经费", carried=True),
        project("24234", "general", "31013", HOTLINE, "OA 系统和市民热线运行经费"),
        project("300000", "fund", "30227", "42010524031T000000203", "城市建设数据", function="2120803"),
        project("50000.10", "capital", "30227", "42010524031T000000204", "企业数据", function="2239999"),
        project("7000", "special", "30216", "42010524031Y000000205", "培训"),
        spending("12000", "own", "business", "2010350", "30226"),
        spending("5000", "own", "upward", "2010350", "39999"),
        spending("4000", "own", "downward", "2010350", "30399"),
        replace(income("14900.05", "own"), side="spending", category="kept"),
    ]


def balanced(rows: list[Row]) -> list[Row]:
    """The rows with what a fund lacks added as income, or kept for the next year."""
    found = list(rows)
    for fund in FUNDS:
        brought = total(row for row in rows if row.side == "income" and row.fund == fund)
        spent = total(row for row in rows if row.side == "spending" and row.fund == fund)
        if brought < spent:
            found.append(Row("income", spent - brought, fund, carried=True, unit_code="9", unit_name="结转"))
        if brought > spent:
            found.append(Row("spending", brought - spent, fund, category="kept", unit_code="9", unit_name="结转"))
    return found


AMOUNTS = st.decimals(min_value="0.01", max_value="99999999.99", places=2)
INCOMES = st.builds(
    lambda amount, source, unit: Row("income", amount, source, unit_code=unit, unit_name=f"单位{unit}"),
    AMOUNTS,
    st.sampled_from([*(fund for fund in FUNDS if fund != "own"), *OWN_INCOME]),
    st.sampled_from("12"),
)
SPENDINGS = st.builds(
    lambda amount, source, category, function, economic, number, carried, unit: Row(
        "spending", amount, source, carried, unit, f"单位{unit}", category, function, "", economic, "",
        f"42010524031T00000030{number}" if category == "project" else "",
        f"项目{number}" if category == "project" else "",
    ),
    AMOUNTS,
    st.sampled_from([*FUNDS]),
    st.sampled_from(["personnel", "operating", "project", "project", "business", "upward", "downward"]),
    st.sampled_from(["2010350", "2010399", "2080505", "2120803", "2239999", "2990101"]),
    st.sampled_from(["30101", "30201", "30212", "30217", "30227", "30231", "31013", "31099"]),
    st.integers(1, 5),
    st.booleans(),
    st.sampled_from("12"),
)  # fmt: skip


def _once(rows: list[Row]) -> list[Row]:
    return [*{row.key: row for row in rows}.values()]


BUDGETS = st.lists(INCOMES | SPENDINGS, min_size=1, max_size=40).map(_once).map(balanced)
"""Random budgets that balance."""

ORDINARY = st.lists(
    INCOMES | SPENDINGS.filter(lambda row: row.category not in ("business", "upward", "downward") or row.source == "own"),
    min_size=1,
    max_size=40,
).map(_once).map(balanced)  # fmt: skip
"""Random budgets in which public money goes to basic spending and projects only, as it must."""
