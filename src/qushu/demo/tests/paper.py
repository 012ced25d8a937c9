"""A world made from the data files alone, for tests of the pure generator."""

from datetime import date
from functools import cache

from chinese_calendar import get_holidays, get_workdays

from qushu.cases.seed import rows_of
from qushu.demo import invent
from qushu.demo.survey import leaves
from qushu.demo.world import Ground, Rule, Staff, Street, World

START, END = date(2023, 12, 1), date(2024, 11, 29)


@cache
def paper_world() -> World:
    """The district with made-up ids: streets 1…, communities 100…, units 1000…, staff 5000…"""
    units = {row["code"]: 1000 + number for number, row in enumerate(rows_of("qushu.demo", "units.csv"))}
    centres = list(rows_of("qushu.demo", "streets.csv"))
    offices = {row["code"]: 2000 + number for number, row in enumerate(centres)}
    streets = tuple(
        Street(number + 1, f"{row['code']}街道", offices[row["code"]], tuple(row["roads"].split()))
        for number, row in enumerate(centres)
    )
    position = {row["code"]: number for number, row in enumerate(centres)}
    communities = tuple(
        invent.community(
            100 + number, row["code"], row["name"].removesuffix("居委会"), position[row["streetCode"]], (114.2, 30.5)
        )
        for number, row in enumerate(rows_of("qushu.places", "communities.csv"))
    )
    everyone = [*units.values(), *offices.values()]
    return World(
        prefix="HY",
        communities=communities,
        streets=streets,
        leaves=tuple(leaves(rows_of("qushu.demo", "matters.csv"), _categories(), _catalogue(units))),
        units=units,
        unit_names={unit: f"单位{unit}" for unit in everyone},
        handlers={unit: Staff(10_000 + unit, f"承办人{unit}") for unit in everyone},
        leaders={unit: Staff(20_000 + unit, f"负责人{unit}") for unit in everyone},
        agents=_staff(5000, "坐席", 28),
        dispatchers=_staff(5100, "派单员", 5),
        supervisors=_staff(5200, "督办员", 4),
        callers_back=_staff(5300, "回访员", 8),
        rules=_rules(),
        reasons=_reasons(),
        marking=tuple((row["word"], row["mark"]) for row in rows_of("qushu.hotline", "urgent_words.csv")),
        ladder=((1, 50, None, "remind"), (2, 80, None, "urge"), (3, None, 0, "supervise"), (4, None, 1, "escalate")),
        days=dict.fromkeys(get_workdays(date(2023, 1, 1), date(2025, 12, 31)), True)
        | dict.fromkeys(get_holidays(date(2023, 1, 1), date(2025, 12, 31)), False),
    )


def _categories() -> dict[str, int]:
    return {row["code"]: 3000 + number for number, row in enumerate(rows_of("qushu.cases", "categories.csv"))}


def _catalogue(units: dict[str, int]) -> dict[str, tuple[int | None, tuple[int, ...]]]:
    return {
        row["category"]: (units.get(row["lead_unit"]), tuple(units[code] for code in row["assisting"].split()))
        for row in rows_of("qushu.hotline", "catalogue.csv")
    }


def _staff(first: int, title: str, count: int) -> tuple[Staff, ...]:
    return tuple(Staff(first + number, f"{title}{number}") for number in range(count))


def _rules() -> dict[tuple[str, str, str], Rule]:
    return {
        (row["clock"], row["urgency"], row["kind"]): Rule(number, int(row["amount"]), row["measure"])
        for number, row in enumerate(rows_of("qushu.cases", "clock_rules.csv"), 1)
    }


def _reasons() -> dict[str, tuple[Ground, ...]]:
    reasons: dict[str, tuple[Ground, ...]] = {}
    for number, row in enumerate(rows_of("qushu.cases", "reasons.csv"), 1):
        ground = Ground(number, row["code"], row["name"], row["basis"], row["way"])
        reasons[row["move"]] = (*reasons.get(row["move"], ()), ground)
    return reasons
