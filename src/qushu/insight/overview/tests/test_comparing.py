"""Year on year, a day that isn't over, words that say something, streets on the map."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from qushu.cases.actions import Call, accept_case
from qushu.cases.contact import Contact
from qushu.cases.tests.district import District
from qushu.insight.overview import summary
from qushu.insight.overview.comparing import former_of
from qushu.insight.overview.cutting import Question, answer, rows_behind
from qushu.insight.overview.definitions import DIMENSIONS, MEASURES
from qushu.insight.overview.drawing import draw
from qushu.insight.overview.empty_words import says_something
from qushu.insight.overview.periods import read_periods
from qushu.insight.overview.words import LEAST, hot_words, is_part
from qushu.lake.copying import bring_up_to_date
from qushu.people.access import Scope
from qushu.people.models import Account
from qushu.people.tests.staff import log_in
from qushu.places.models import Area
from qushu.places.street_map import street_places
from qushu.web.cut_charts import schematic

ALL, HERE = Scope(everything=True), ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 6, 10, 10, 30, tzinfo=HERE)
"""A Tuesday morning."""
CAME = [
    datetime(2024, 6, 3, 9, tzinfo=HERE),
    datetime(2024, 6, 10, 8, tzinfo=HERE),
    datetime(2024, 6, 10, 9, tzinfo=HERE),
    datetime(2025, 6, 9, 9, tzinfo=HERE),
    datetime(2025, 6, 9, 20, tzinfo=HERE),
    datetime(2025, 6, 10, 8, tzinfo=HERE),
]


@pytest.fixture
def two_years(district: District) -> District:
    accept_case(Call(district.people["agent"], datetime(2024, 1, 2, 9, tzinfo=HERE)), district.intake())
    for at in CAME:
        accept_case(Call(district.people["agent"], at), district.intake())
    bring_up_to_date(NOW)
    return district


def ask(code: str, first: date, last: date, measure: str = "count") -> Any:
    return answer(Question(MEASURES[measure], first, last, (DIMENSIONS[code],)), ALL, NOW)


def test_days_stand_beside_the_same_days_a_year_before(two_years: District) -> None:
    found = ask("day", date(2025, 6, 1), date(2025, 6, 10))
    former = former_of(found, ALL, NOW)
    assert former is not None
    beside = {day: group.whole for day, group in former.beside.items()}
    assert beside == {date(2025, 6, 10): 2}
    assert former.change(found.groups[-1]) == "-50.0%"
    assert former.change(found.groups[0]) == "—"


def test_weeks_stand_beside_the_week_52_weeks_before(two_years: District) -> None:
    found = ask("week", date(2025, 6, 2), date(2025, 6, 10))
    former = former_of(found, ALL, NOW)
    assert former is not None
    assert {day: group.whole for day, group in former.beside.items()} == {date(2025, 6, 9): 2}


def test_the_line_of_a_year_before_opens_the_rows_of_that_year(two_years: District) -> None:
    found = ask("month", date(2025, 6, 1), date(2025, 6, 10))
    drawing = draw(found, "", former_of(found, ALL, NOW))
    assert [(name, values) for name, values in drawing.given["series"]] == [("受理量", [3.0]), ("去年同期", [3.0])]
    assert "first=2024-06-01" in drawing.given["hrefs"][1][0]


def test_nothing_stands_beside_what_cases_do_not_reach_back_to(two_years: District) -> None:
    assert former_of(ask("day", date(2024, 6, 1), date(2024, 6, 10)), ALL, NOW) is None
    assert former_of(ask("street", date(2025, 6, 1), date(2025, 6, 10)), ALL, NOW) is None


def test_a_period_before_that_cases_only_partly_reach_is_compared_with_nothing(
    two_years: District,
) -> None:
    periods = read_periods({"first": "2024-01-10", "last": "2024-06-30"}, NOW.date())
    count, on_time = summary.tiles(periods, ALL, NOW, ("count", "on_time"))
    assert count.value == 3 and {count.note, on_time.note} == {"上期没有完整数据"} and not on_time.tone
    assert summary.hot_places(periods, ALL, NOW) == []
    client = log_in(Account.objects.get(username="t-analyst"))
    shown = client.get(reverse("hot-words"), {"first": "2024-01-10", "last": "2024-06-30"}).content.decode()
    assert "上期没有完整数据，不作比较" in shown


def test_the_overview_holds_everything_until_now_unless_a_case_waits_for_the_copy(two_years: District) -> None:
    def said() -> str:
        return log_in(Account.objects.get(username="t-analyst")).get(reverse("overview")).content.decode()

    assert f"数据截至 {timezone.localtime(timezone.now(), HERE):%m-%d %H:}" in said()
    accept_case(Call(two_years.people["agent"], NOW), two_years.intake())
    assert f"数据截至 {NOW:%m-%d %H:%M}" in said()


def test_the_page_shows_line_and_column(two_years: District) -> None:
    client = log_in(Account.objects.get(username="t-analyst"))
    page = client.get(f"{reverse('cross-cuts')}?by=day&first=2025-06-01&last=2025-06-10").content.decode()
    assert "去年同期" in page and "同比" in page and "-50.0%" in page


def test_a_day_with_hardly_a_case_yet_is_held_against_nothing(two_years: District) -> None:
    periods = read_periods({"period": "today"}, NOW.date())
    (tile,) = summary.tiles(periods, ALL, NOW, ("count",))
    assert (tile.value, tile.note) == (1, "尚早，不与昨日比")
    month = read_periods({"period": "month"}, NOW.date())
    assert summary.tiles(month, ALL, NOW, ("count",))[0].note.startswith("环比")


def test_today_is_held_against_yesterday_until_the_same_hour(
    two_years: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "LEAST_OF_A_DAY", 1)
    periods = read_periods({"period": "today"}, NOW.date())
    (tile,) = summary.tiles(periods, ALL, NOW, ("count",))
    assert tile.value == 1
    assert tile.note.startswith("环比 +0.0%")  # one case by ten o'clock on either day; yesterday had a second at night
    later = summary.tiles(periods, ALL, NOW + timedelta(hours=12), ("count",))[0]
    assert later.note.startswith("环比 -50.0%")


def test_a_day_without_a_case_has_fallen_by_nothing(two_years: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "LEAST_OF_A_DAY", 1)
    tomorrow = NOW + timedelta(days=1)
    (tile,) = summary.tiles(read_periods({"period": "today"}, tomorrow.date()), ALL, tomorrow, ("count",))
    assert (tile.value, tile.note) == (0, "今天还没有")


def test_what_nobody_judged_has_no_unit(two_years: District) -> None:
    count, satisfied = summary.tiles(read_periods({"period": "month"}, NOW.date()), ALL, NOW, ("count", "satisfied"))
    assert (count.unit, satisfied.value, satisfied.unit) == ("件", None, "")


def test_what_is_not_over_is_no_fall(two_years: District) -> None:
    month = summary.course(read_periods({"period": "month"}, NOW.date()), ALL, NOW)
    name, counts = month["series"][0]
    assert name == "本期" and counts[-2:] == [2.0, None]
    hours = summary.course(read_periods({"period": "today"}, NOW.date()), ALL, NOW)["series"]
    assert hours[0][1][8:12] == [1.0, 0.0, None, None] and hours[1][1][20] == 1.0
    past = summary.course(read_periods({"first": "2024-06-10", "last": "2024-06-10"}, NOW.date()), ALL, NOW)
    assert None not in past["series"][0][1]


def test_cases_without_a_unit_are_not_called_waiting_for_one(two_years: District) -> None:
    cut = next(
        rows for title, rows, _ in summary.cuts(read_periods({}, NOW.date()), ALL, NOW, 6) if title == "承办单位"
    )
    assert cut[0][0] == "未经派单"
    flow = draw(ask_two("channel", "unit"), "flow")
    assert {row[1] for row in flow.given["rows"]} == {"未经派单"}


def ask_two(*codes: str) -> Any:
    by = tuple(DIMENSIONS[code] for code in codes)
    return answer(Question(MEASURES["count"], date(2025, 6, 1), date(2025, 6, 10), by), ALL, NOW)


def test_the_figure_of_a_day_opens_all_of_it(two_years: District) -> None:
    assert len(rows_behind(Question(MEASURES["count"], NOW.date(), NOW.date()), "all", ALL, NOW, None, 10)) == 1


@pytest.mark.parametrize(
    "word",
    [
        "反映",
        "问题",
        "市民",
        "小区",
        "十几",
        "昨天",
        "多次",
        "附近",
        "尽快",
        "非常",
        "我们",
        "门口",
        "集中",
        "达标",
        "处理",
        "希望",
        "刘先生",
        "王女士",
        "其住",
        "此件",
        "该路",
    ],
)
def test_words_that_say_nothing_are_not_hot(word: str) -> None:
    assert not says_something(word)


@pytest.mark.parametrize(
    "word", ["供暖", "停水", "积水", "噪音", "燃气", "井盖", "路灯", "占道经营", "油烟", "钟家村", "培训班"]
)
def test_words_that_say_something_are(word: str) -> None:
    assert says_something(word)


def test_a_word_is_hot_in_its_longer_form_where_most_cases_say_that() -> None:
    cases = {"未成年": 12, "未成年人": 11, "供水": 40, "供水管": 9, "停水": 5}
    assert [word for word in cases if is_part(word, cases)] == ["未成年"]


def test_every_street_has_a_place_of_its_own_on_the_map(district: District) -> None:
    places = street_places()
    streets = set(Area.objects.filter(level="street").values_list("pk", flat=True))
    assert set(places) == streets and len(streets) == 11
    assert len(set(places.values())) == 11
    assert all((x + y) % 2 == 1 for x, y in places.values())  # rows are set off by one


def test_what_has_no_place_stands_below_the_map() -> None:
    drawn = schematic([("永丰街道", 5, "/a", (0, 1)), ("五里墩街道", 3, "/b", (2, 1)), ("未填", 1, "/c", None)])
    assert [one.cell.name for one in drawn.hexagons] == ["永丰街道", "五里墩街道"]
    assert [one.name for one in drawn.rest] == ["未填"]
    left, right = drawn.hexagons
    assert left.y == right.y and right.x - left.x == 120
    assert drawn.width >= right.x


def test_rows_without_places_are_fields_only() -> None:
    drawn = schematic([("汉城社区", 5, "/a", None), ("仙山社区", 3, "/b")])
    assert not drawn.hexagons and len(drawn.rest) == 2


def test_no_word_is_hot_because_one_caller_says_it_again_and_again(district: District) -> None:
    today, reader = read_periods({"period": "today"}, NOW.date()), district.people["supervisor"]
    said = "邻居刘铁柱在楼道堆放杂物，堵塞通道。"

    def call(number: int, contact: Contact) -> None:
        at = NOW - timedelta(minutes=number)
        accept_case(Call(district.people["agent"], at), district.intake(text=said, contact=contact))

    for number in range(LEAST):
        call(number, Contact("王", "19900270001"))
    assert hot_words(reader, "overview.read", today) == []
    for number in range(LEAST):
        call(number, Contact("王", f"1990028{number:04d}"))
    assert "杂物" in str(hot_words(reader, "overview.read", today))


def test_a_whole_month_is_held_against_the_whole_month_before() -> None:
    october = read_periods({"first": "2018-10-01", "last": "2018-10-31"}, date(2026, 11, 27))
    assert october.former == (date(2018, 9, 1), date(2018, 9, 30))
    some_days = read_periods({"first": "2018-10-01", "last": "2018-10-30"}, date(2026, 11, 27))
    assert some_days.former == (date(2018, 9, 1), date(2018, 9, 30))
    last_of_february = read_periods({"first": "2024-02-01", "last": "2024-02-29"}, date(2026, 11, 27))
    assert last_of_february.former == (date(2024, 1, 1), date(2024, 1, 31))


def test_a_centre_whose_cases_are_of_years_ago_says_where_they_are(two_years: District) -> None:
    client = log_in(Account.objects.get(username="t-analyst"))
    page = client.get(reverse("overview"), {"first": "2026-01-01", "last": "2026-01-31"}).content.decode()
    assert "最近一件受理于 2025-06-10" in page and "?first=2025-06-01&amp;last=2025-06-10" in page
    cuts = client.get(
        reverse("cross-cuts"), {"first": "2026-01-01", "last": "2026-01-31", "by": "street"}
    ).content.decode()
    assert "最近一件受理于 2025-06-10" in cuts and "first=2024-06-10&amp;last=2025-06-10&amp;by=street" in cuts
    page = client.get(reverse("overview"), {"first": "2025-06-10", "last": "2025-06-30"}).content.decode()
    assert "最近一件受理于" not in page
    page = client.get(reverse("overview"), {"first": "2020-06-10", "last": "2020-06-30"}).content.decode()
    assert "最近一件受理于" not in page  # before all cases: nothing is missing
    wall = client.get(reverse("big-screen")).content.decode()
    assert "最近一件受理于 2025-06-10，以下是到那天为止的 30 天" in wall and "本月" not in wall
