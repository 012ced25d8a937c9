"""工作日历: which days are worked. Deadlines that are set stay; what starts or is counted from now on goes by the change."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from qushu.kernel.calendar import seed_days, seed_years
from qushu.kernel.errors import Refused
from qushu.kernel.models import CalendarDay, CalendarYear
from qushu.kernel.text import tidy
from qushu.people import audit
from qushu.people.access import Actor, require

WRITE = "calendar.write"
MOST_DAYS = 92
FIRST_YEAR, LAST_YEAR = 2000, 2099
NOTICE = "国务院办公厅节假日安排通知"


def set_days(
    actor: Actor, first: date, last: date, worked: bool | None, name: str, reason: str, now: datetime
) -> list[date]:
    """Say that the days from `first` to `last` (included) are worked, or not, or (None) as the days of the week are.

    Returns the days that changed. Raises Forbidden; Refused without a reason, for more than MOST_DAYS days, a year out
    of reach, or when nothing differs.
    """
    require(actor, WRITE)
    _check(first, last, reason)
    with transaction.atomic():
        there = {row.day: row for row in CalendarDay.objects.select_for_update().filter(day__range=(first, last))}
        changed = [day for day in _days(first, last) if _set_day(day, there.get(day), worked, tidy(name)[:40])]
        if not changed:
            raise Refused("这些天已经是这样。没有改动。", code="calendar_same")
        said = {
            "worked": {True: "上班", False: "休息", None: "按星期"}[worked],
            "name": tidy(name)[:40],
            "before": "；".join(f"{day} {_state(there.get(day), day)}" for day in changed),
            "days": len(changed),
        }
        audit.record(actor, "calendar.changed", f"calendar:{first.year}", reason, said, now=now)
    return changed


def adopt_year(actor: Actor, year: int, source: str, now: datetime) -> int:
    """Make a year known: with the published holidays when they are known here, else with the days that were entered.

    `source`: where the entered days were read; needed when they aren't known here. Returns how many days differ from
    Monday to Friday in that year. Raises Refused when the year is known already.
    """
    require(actor, WRITE)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"年份须在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。没有改动。", code="calendar_year", field="year")
    published = year in seed_years()
    if not published and not tidy(source):
        raise Refused("请写明节假日安排的出处。没有改动。", code="calendar_source", field="source")
    with transaction.atomic():
        _, made = CalendarYear.objects.get_or_create(
            year=year, defaults={"source": (tidy(source) or NOTICE)[:100] if not published else NOTICE}
        )
        if not made:
            raise Refused(f"{year} 年已经录入，请逐天修改。没有改动。", code="calendar_same")
        if published:
            days = [CalendarDay(day=day, is_working=on, name=name) for day, on, name in seed_days() if day.year == year]
            CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
        count = CalendarDay.objects.filter(day__year=year).count()
        said = {"days": count, "source": NOTICE if published else tidy(source)[:100]}
        audit.record(actor, "calendar.year_adopted", f"calendar:{year}", "", said, now=now)
    return count


def _check(first: date, last: date, reason: str) -> None:
    if last < first:
        raise Refused("最后一天早于第一天。没有改动。", code="calendar_range", field="last")
    if (last - first).days >= MOST_DAYS:
        raise Refused(f"一次最多改 {MOST_DAYS} 天。没有改动。", code="calendar_range", field="last")
    if not (first.year >= FIRST_YEAR and last.year <= LAST_YEAR):
        raise Refused(f"年份须在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。没有改动。", code="calendar_year", field="first")
    if not tidy(reason):
        raise Refused("请写明依据或原因。没有改动。", code="empty", field="reason")


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(number) for number in range((last - first).days + 1))


def _set_day(day: date, row: CalendarDay | None, worked: bool | None, name: str) -> bool:
    """Write one day; whether it changed. A day without a name that is as its day of the week needs no row."""
    wanted = worked if worked is not None else day.weekday() < 5
    needed = worked is not None and (wanted != (day.weekday() < 5) or bool(name))
    if not needed:
        if row is not None:
            CalendarDay.objects.filter(day=day).delete()
        return row is not None
    if row is not None and (row.is_working, row.name) == (wanted, name):
        return False
    CalendarDay.objects.update_or_create(day=day, defaults={"is_working": wanted, "name": name})
    return True


def _state(row: CalendarDay | None, day: date) -> str:
    if row is None:
        return "上班" if day.weekday() < 5 else "休息"
    return f"{'上班' if row.is_working else '休息'}{f'（{row.name}）' if row.name else ''}"
