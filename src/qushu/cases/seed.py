"""The code tables that a fresh centre starts with. Seeding again adds what is missing and never changes a row."""

import csv
from collections.abc import Iterator
from importlib.resources import files

from qushu.kernel.calendar import seed_days, seed_years
from qushu.kernel.models import CalendarDay, CalendarYear

from .limits import ALWAYS
from .models import Category, Channel, ClockRule, LadderStep, Limit, Reason


def rows_of(package: str, name: str) -> Iterator[dict[str, str]]:
    """The lines of a CSV file that lies in `package`'s data folder."""
    with files(package).joinpath("data", name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def seed_codes() -> int:
    """Every code table of the cases: how many rows were added."""
    lists = seed_channels() + seed_categories() + seed_reasons()
    return lists + seed_calendar() + seed_clock_rules() + seed_ladder() + seed_limits()


def seed_calendar() -> int:
    """Holidays and make-up workdays of the published years; a year that is there already is left as it was edited."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    years = [year for year in seed_years() if year not in known]
    new = [
        CalendarDay(day=day, is_working=worked, name=name)
        for day, worked, name in seed_days()
        if day.year in set(years)
    ]
    CalendarYear.objects.bulk_create(CalendarYear(year=year, source="国务院办公厅节假日安排通知") for year in years)
    return len(CalendarDay.objects.bulk_create(new, ignore_conflicts=True))


def seed_channels() -> int:
    """渠道, in the order of the budget document's list."""
    known = set(Channel.objects.values_list("code", flat=True))
    new = [
        Channel(code=row["code"], name=row["name"], order=int(row["order"]))
        for row in rows_of("qushu.cases", "channels.csv")
        if row["code"] not in known
    ]
    return len(Channel.objects.bulk_create(new))


def seed_categories() -> int:
    """The category tree: 14 first-level, 76 second-level, 312 leaves with the words callers use."""
    known = {category.code: category for category in Category.objects.all()}
    missing = [row for row in rows_of("qushu.cases", "categories.csv") if row["code"] not in known]
    added = 0
    while ready := [row for row in missing if not row["parent"] or row["parent"] in known]:
        made = Category.objects.bulk_create(_category(row, known.get(row["parent"])) for row in ready)
        known |= {category.code: category for category in made}
        missing = [row for row in missing if row["code"] not in known]
        added += len(made)
    return added


def _category(row: dict[str, str], parent: Category | None) -> Category:
    return Category(
        code=row["code"],
        name=row["name"],
        parent=parent,
        level=parent.level + 1 if parent else 1,
        full_name=f"{parent.full_name} / {row['name']}" if parent else row["name"],
        keywords=row["keywords"],
    )


def seed_reasons() -> int:
    """Grounds of return, extension, shelving, declining (with the legal way), voiding, reopening, exclusion."""
    known = set(Reason.objects.values_list("move", "code"))
    new = [
        Reason(move=row["move"], code=row["code"], name=row["name"], basis=row["basis"], way=row["way"])
        for row in rows_of("qushu.cases", "reasons.csv")
        if (row["move"], row["code"]) not in known
    ]
    return len(Reason.objects.bulk_create(new))


def seed_clock_rules() -> int:
    """The default deadline table, only into an empty one: a centre's own table is left alone."""
    if ClockRule.objects.exists():
        return 0
    new = [
        ClockRule(
            priority=int(row["priority"]),
            clock=row["clock"],
            kind=row["kind"],
            urgency=row["urgency"],
            amount=int(row["amount"]),
            measure=row["measure"],
            effective_from=ALWAYS,
            source=row["source"],
        )
        for row in rows_of("qushu.cases", "clock_rules.csv")
    ]
    return len(ClockRule.objects.bulk_create(new))


def seed_ladder() -> int:
    """催办阶梯: 50 % reminds the handler, 80 % the leader, overdue an order, a day later the leader in charge."""
    if LadderStep.objects.exists():
        return 0
    new = [
        LadderStep(
            order=int(row["order"]),
            clock=row["clock"],
            percent=int(row["percent"]) if row["percent"] else None,
            overdue_amount=int(row["overdue_amount"]) if row["overdue_amount"] else None,
            overdue_measure=row["overdue_measure"] or "working_days",
            action=row["action"],
            receiver=row["receiver"],
        )
        for row in rows_of("qushu.cases", "ladder.csv")
    ]
    return len(LadderStep.objects.bulk_create(new))


def seed_limits() -> int:
    """办理限额: how often, how long, at which hours; one that has a value already is left alone."""
    known = set(Limit.objects.values_list("code", flat=True))
    new = [
        Limit(code=row["code"], value=row["value"], effective_from=ALWAYS, source=row["source"])
        for row in rows_of("qushu.cases", "limits.csv")
        if row["code"] not in known
    ]
    return len(Limit.objects.bulk_create(new))
