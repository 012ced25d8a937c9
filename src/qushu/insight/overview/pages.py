"""总体概览 and 领导大屏."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.cases.rules import SHANGHAI
from qushu.lake.files import newest
from qushu.lake.models import StaleCase
from qushu.people.access import scope
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import summary
from .comparing import begins, elsewhen
from .panels import panels_for
from .periods import NAMES, periods_of, read_periods
from .words import hot_words

ACTION = "overview.read"
BARS, LINES = 10, 6
PAST_DAYS = 30


@require_GET
@allowed(ACTION)
def overview(request: Request) -> HttpResponse:
    """What came in, how it was handled, where it grows, in the period that the address names."""
    now = timezone.now()
    periods = read_periods(request.GET, timezone.localdate(now, SHANGHAI))
    reach = scope(request.actor, ACTION)
    page = {
        "periods": periods,
        "names": NAMES,
        "tiles": summary.tiles(periods, reach, now),
        "cuts": summary.cuts(periods, reach, now, BARS),
        "course": summary.course(periods, reach, now),
        "places": summary.hot_places(periods, reach, now),
        "panels": panels_for(request.actor, now, LINES),
        "known": begins(periods.former[0]),
        "elsewhen": elsewhen(periods.present[0], lambda newest: newest.replace(day=1)),
        "complete_until": _complete_until(now),
    }
    return render(request, "insight/overview/overview.html", page)


@require_GET
@allowed(ACTION)
def words(request: Request) -> HttpResponse:
    """Hot words of the same period: a part of the overview that is fetched after it, or a page where nothing is fetched."""
    periods = read_periods(request.GET, timezone.localdate(timezone.now(), SHANGHAI))
    known = begins(periods.former[0])
    found = hot_words(request.actor, ACTION, periods) if known else []
    part = "words.html" if request.htmx else "words_page.html"
    return render(request, f"insight/overview/{part}", {"words": found, "periods": periods, "known": known})


@require_GET
@allowed(ACTION)
def big_screen(request: Request) -> HttpResponse:
    """One screen for a wall; its middle fetches itself anew every half minute.

    Of this month; where it has no case (a centre that only imported its past), of the PAST_DAYS up to the newest.
    """
    now = timezone.now()
    today = timezone.localdate(now, SHANGHAI)
    reach = scope(request.actor, ACTION)
    month, day = read_periods({"period": "month"}, today), read_periods({"period": "today"}, today)
    past = elsewhen(month.present[0], lambda newest: newest - timedelta(days=PAST_DAYS - 1))
    if past:
        month = periods_of("span", past.first, past.newest)
    cuts = summary.cuts(month, reach, now, 6)
    page = {
        "today": summary.tiles(day, reach, now)[:1],
        "tiles": summary.tiles(month, reach, now),
        "channels": cuts[0][1][:6],
        "units": cuts[3][1],
        "streets": summary.street_rows(month, reach, now),
        "course": summary.course(month, reach, now),
        "places": summary.hot_places(month, reach, now, 6),
        "panels": panels_for(request.actor, now, 4),
        "past": past,
        "called": f"{PAST_DAYS} 天" if past else "本月",
        "complete_until": _complete_until(now),
        "at": now,
    }
    template = "screen_part.html" if request.headers.get("HX-Request") else "screen.html"
    return render(request, f"insight/overview/{template}", page)


def _complete_until(now: datetime) -> datetime | None:
    """Up to when the copy holds everything: now when no case waits to be taken over; None without a copy."""
    copy = newest()
    if not copy.token:
        return None
    return datetime.fromtimestamp(copy.written_at, SHANGHAI) if StaleCase.objects.exists() else now
