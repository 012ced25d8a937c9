"""A reading says by which definitions it was counted, opens its rows, and can be counted again."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.codes.actions import change_limit
from qushu.cases.tests.district import District
from qushu.kernel.measures import MEASURES, Span
from qushu.ledger import jobs
from qushu.ledger.indicators.actions import recount, take_readings
from qushu.ledger.indicators.queries import told_readings
from qushu.ledger.indicators.rules import convert
from qushu.ledger.models import Reading
from qushu.people.tests.staff import log_in, make_account

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SATISFACTION = "hotline.satisfaction"


def judged(district: District, after: timedelta, satisfaction: int) -> None:
    """A case that was answered an hour after it came and judged a day later, so long after 4 March 2024."""
    case = actions.accept_case(district.call("agent", after), district.intake())
    facts = (district.category.pk, district.community.pk, "complaint", "general")
    actions.register_case(district.call("agent", after), case.pk, *facts)
    actions.dispatch_case(district.call("dispatcher", after), case.pk, district.water.pk)
    actions.acknowledge_case(district.call("unit", after), case.pk)
    actions.resolve_case(district.call("unit", after + HOUR), case.pk, "已处理", "solved")
    said = {"reached": True, "solved": True, "satisfaction": satisfaction}
    actions.follow_up_case(district.call("follow_up", after + DAY), case.pk, **said)


def read(district: District, after: timedelta) -> Reading:
    (taken,) = take_readings(2024, district.call("agent", after).now, SATISFACTION)
    return taken


def test_a_changed_definition_shows_beside_the_value(district: District) -> None:
    judged(district, timedelta(0), 4)
    before = read(district, 3 * DAY)
    change_limit(district.people["administrator"], "satisfied_from", "5", None, district.call("agent", 5 * DAY).now)
    judged(district, 6 * DAY, 4)
    after, later = read(district, 8 * DAY), read(district, 9 * DAY)
    assert (before.value, after.value) == (100, 50)
    assert before.version == after.version
    assert before.definition.splitlines()[1:] == ["满意的起点：4 分"]
    assert after.definition.splitlines()[1:] == ["满意的起点：4 分", "满意的起点：5 分（2024-03-09 09:00 起）"]
    told = told_readings(MEASURES[SATISFACTION], Reading.objects.all(), 10)
    assert [(one.reading.pk, one.redefined) for one in told] == [
        (later.pk, False),
        (after.pk, True),
        (before.pk, False),
    ]


def test_a_definition_of_another_rate_changes_nothing(district: District) -> None:
    before = read(district, DAY)
    change_limit(district.people["administrator"], "unjudged_on_time", "praise", None, district.call("agent", DAY).now)
    assert read(district, 3 * DAY).edition == before.edition


def test_a_formula_says_the_definitions_of_what_it_is_made_of(district: District) -> None:
    from qushu.ledger.indicators.models import OwnIndicator
    from qushu.ledger.indicators.offered import as_measure

    own = OwnIndicator(
        kind="formula", name="折算", unit="%", better="more", words="一半", formula=f"{SATISFACTION} / 2"
    )
    found = as_measure(own).read(Span(date(2024, 1, 1), date(2024, 12, 31), timezone.now()))
    assert found.by[0].startswith("满意率：满意及以上")
    assert found.by[1:] == ("满意率，满意的起点：4 分",)


def test_the_same_days_counted_again_are_the_same_until_a_row_is(district: District) -> None:
    judged(district, timedelta(0), 4)
    taken = read(district, 3 * DAY)
    judged(district, 5 * DAY, 5)
    again = recount(taken)
    assert again is not None
    assert (again.digest, again.rows) == (bytes(taken.digest), taken.rows)
    judged(district, timedelta(hours=2), 5)
    assert recount(taken) != again


def test_a_late_case_that_is_resolved_at_last_is_the_same_row(district: District) -> None:
    case = actions.accept_case(district.call("agent"), district.intake())
    facts = (district.category.pk, district.community.pk, "complaint", "general")
    actions.register_case(district.call("agent"), case.pk, *facts)
    actions.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk)
    actions.acknowledge_case(district.call("unit"), case.pk)
    span = Span(date(2024, 1, 1), date(2024, 4, 30), district.call("unit", 60 * DAY).now)
    late = MEASURES["hotline.on_time_rate"].read(span)
    assert (late.value, late.rows) == (0, 1)
    actions.resolve_case(district.call("unit", 61 * DAY), case.pk, "已处理", "solved")
    assert MEASURES["hotline.on_time_rate"].read(span) == late


def test_its_page_opens_the_rows_and_counts_them_again(district: District) -> None:
    judged(district, timedelta(0), 4)
    taken = read(district, 3 * DAY)
    client = log_in(make_account("leader"))
    address = reverse("reading", args=[taken.pk])
    page = client.get(address).content.decode()
    assert bytes(taken.digest).hex() in page
    assert "满意的起点：4 分" in page
    assert "/assessment/unit/0/satisfied/whole/?first=2024-01-01&amp;last=2024-03-07" in page
    assert "计入的行和当时一样" in client.post(address).content.decode()
    judged(district, timedelta(hours=2), 5)
    assert "当时 1 行，现在 2 行：此后补录" in client.post(address).content.decode()


def test_every_night_whole_days_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, now = [], timezone.now()
    bound = SimpleNamespace(exists=lambda: True)
    monkeypatch.setattr(jobs, "Binding", SimpleNamespace(objects=SimpleNamespace(filter=lambda **_: bound)))
    monkeypatch.setattr(jobs, "take_readings", lambda year, now, through: asked.append((year, through)))
    monkeypatch.setattr(jobs, "watch_targets", lambda year, now: [])
    jobs.read_measures(timestamp=int(now.timestamp()))
    assert asked[-1] == (timezone.localdate(now).year, timezone.localdate(now) - DAY)


@pytest.mark.parametrize(("unit", "wanted"), [("份", "篇"), ("期", "篇"), ("份", "期")])
def test_reports_are_counted_in_whatever_they_are_promised_in(unit: str, wanted: str) -> None:
    assert convert(Decimal(12), unit, wanted) == 12
