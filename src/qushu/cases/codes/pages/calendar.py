"""工作日历: a year, its special days, and how to change them."""

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from qushu.kernel.asked import day_in, number_in
from qushu.kernel.errors import Refused
from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from ...rulebook import rulebook
from .. import actions
from ..actions.calendar import FIRST_YEAR, LAST_YEAR
from ..forms.calendar import WORKED, DaysForm, YearForm
from ..queries.calendar import MOST_CLOCKS, Day, calendar_year, clocks_across, known_years, missing_years
from ..saving import Saved, save


@allowed("calendar.write")
def calendar(request: Request) -> HttpResponse:
    """A year (`?year=`); `?day=` fills in the form, and sending it changes days."""
    now = timezone.now()
    form = DaysForm(request.POST or None, initial=_first_words(request))

    def change() -> Saved:
        said = form.cleaned_data
        days = actions.set_days(
            request.actor, said["first"], said["last"], WORKED[said["state"]], said["name"], said["reason"], now
        )
        words = f"已改 {len(days)} 天，现在起按新的日历计算。{_across(days, now)}"
        return Saved(words, f"{reverse('calendar')}?year={days[0].year}")

    if done := save(request, form, change):
        return done
    year = calendar_year(_year(request))
    today = timezone.localdate(now)
    page = {
        "form": form,
        "year_form": YearForm(),
        "year": year,
        "months": [(month, [_week(week, today) for week in month.weeks]) for month in year.months],
        "earlier": year.number - 1 if year.number > FIRST_YEAR else None,
        "later": year.number + 1 if year.number < LAST_YEAR else None,
        "known": known_years(),
        "missing": missing_years(rulebook(), now),
        "hours": _hours(year.number, now),
        "entries": entries_about(f"calendar:{year.number}", 10),
    }
    return render(request, "codes/calendar.html", page, status=422 if form.errors else 200)


@require_POST
@allowed("calendar.write")
def adopt(request: Request, number: int) -> HttpResponse:
    """Make a year known."""
    form = YearForm(request.POST)
    form.is_valid()
    try:
        days = actions.adopt_year(request.actor, number, form.cleaned_data.get("source", ""), timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{number} 年已录入，有 {days} 天与平常的星期不同。")
    return redirect(f"{reverse('calendar')}?year={number}")


def _hours(year: int, now: datetime) -> str:
    """The working hours of today, or of the first day of another year."""
    calendar, today = rulebook().calendar, timezone.localdate(now)
    spans = calendar.spans_on(today if year == today.year else date(year, 1, 1))
    return "、".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in spans)


def _week(week: list[Day | None], today: date) -> SafeString:
    """The cells of a week. Drawn here: a template is twice as slow for the 365 of a year."""
    return format_html_join("", "{}", ((_cell(day, today),) for day in week))


def _cell(day: Day | None, today: date) -> SafeString:
    if day is None:
        return SafeString("<td></td>")
    kind = ("makeup" if day.worked else "holiday") if day.special else ("work" if day.worked else "rest")
    return format_html(
        '<td class="is-{}{}"><a href="?day={}#change" title="{}" aria-label="{}">{}</a></td>',
        kind,
        " is-today" if day.day == today else "",
        day.day.isoformat(),
        day.words,
        day.words,
        day.day.day,
    )


def _year(request: Request) -> int:
    day, year = day_in(request.GET.get("day", "")), number_in(request.GET.get("year", ""))
    if year is None:
        year = day.year if day else timezone.localdate().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _first_words(request: Request) -> dict[str, object]:
    day = day_in(request.GET.get("day", ""))
    if day is None:
        return {}
    worked = rulebook().calendar.is_workday(day)
    return {"first": day, "state": "off" if worked else "on"}


def _across(days: list[date], now: datetime) -> str:
    count = clocks_across(days[0], days[-1], now)
    many = f"{count} 个" if count <= MOST_CLOCKS else f"{MOST_CLOCKS} 多个"
    return f"有 {many}在计时的期限跨过这些天，它们已经定下，不变；需要顺延的请在工单里延期。" if count else ""
