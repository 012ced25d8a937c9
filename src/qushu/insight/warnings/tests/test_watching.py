from datetime import datetime, timedelta

import pytest
from django.core import mail

from qushu.cases.tests.district import MONDAY, District
from qushu.hotline.models import Delivery, Subscriber
from qushu.hotline.ways.actions import relay_outbox
from qushu.insight.warnings.actions import (
    Found,
    acknowledge,
    add_note,
    change_rule,
    conclude,
    forget_tuning,
    press_unanswered,
    report,
)
from qushu.insight.warnings.models import Level, Telling, Tuning, Warning, WarningRule
from qushu.insight.warnings.queries import visible_warnings
from qushu.insight.warnings.telling import send_waiting
from qushu.insight.warnings.trying import try_out
from qushu.insight.warnings.watching import watch_surges
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.models import OutboxMessage
from qushu.people.access import Actor, GrantValue
from qushu.people.models import AuditEntry, Notice
from qushu.places.models import Area

from .putting import every, put_cases

pytestmark = pytest.mark.django_db
NOON = MONDAY + timedelta(days=35, hours=3)


@pytest.fixture
def quiet(district: District) -> District:
    """Five weeks with a case every two hours, in three communities by turns."""
    areas = list(Area.objects.filter(level="community").order_by("code")[:3])
    for nth, area in enumerate(areas):
        put_cases(district, every(MONDAY + timedelta(hours=2 * nth), 6, 4 * 35), area)
    return district


def surge_of(district: District, size: int = 20, start: datetime = NOON) -> list[int]:
    return [case.pk for case in put_cases(district, every(start, 0.05, size))]


def test_a_quiet_district_raises_nothing(quiet: District) -> None:
    assert watch_surges(NOON) == 0
    assert not Warning.objects.exists()


def test_an_empty_centre_raises_nothing(district: District) -> None:
    assert watch_surges(NOON) == 0


def test_a_planted_surge_raises_exactly_one_warning_with_its_cases(quiet: District) -> None:
    ids = surge_of(quiet)
    for minutes in range(20, 80, 5):
        watch_surges(NOON + timedelta(minutes=minutes))
    warning = Warning.objects.get()
    assert warning.area == quiet.community
    assert set(ids) <= set(warning.rows.values_list("case_id", flat=True))
    assert str(warning.observed) in warning.ground or "件" in warning.ground
    assert quiet.community.name in warning.ground
    assert warning.chart["days"][-1]["n"] >= 20
    assert warning.events.filter(what="raised").count() == 1


def test_each_level_is_told_once(quiet: District) -> None:
    Subscriber.objects.create(name="群聊", url="https://chat.example/", topics=["warning.*"])
    Subscriber.objects.create(name="工单", url="https://cases.example/", topics=["case.*"])
    surge_of(quiet, 60)
    for minutes in range(10, 240, 10):
        watch_surges(NOON + timedelta(minutes=minutes))
    warning = Warning.objects.get()
    told = Telling.objects.filter(warning=warning, way="page").count()
    assert told == warning.events.filter(what__in=("raised", "risen")).count()
    roles = WarningRule.objects.get(kind="surge").roles
    assert Notice.objects.filter(link=f"/warnings/{warning.pk}/").count() == told * len(roles)
    topics = list(
        OutboxMessage.objects.filter(key=f"warning:{warning.pk}").order_by("id").values_list("topic", flat=True)
    )
    assert len(topics) == Telling.objects.filter(warning=warning, way="webhook").count() <= told
    assert set(topics) <= {"warning.raised", "warning.risen"}
    relay_outbox(NOON + timedelta(hours=5))
    assert Delivery.objects.filter(key=f"warning:{warning.pk}").count() == len(topics)
    assert set(Delivery.objects.filter(key=f"warning:{warning.pk}").values_list("subscriber__name", flat=True)) == {
        "群聊"
    }


def test_a_surge_that_is_over_ends_and_stays_to_be_judged(quiet: District) -> None:
    surge_of(quiet)
    watch_surges(NOON + timedelta(hours=1))
    watch_surges(NOON + timedelta(days=2))
    watch_surges(NOON + timedelta(days=2, minutes=5))
    warning = Warning.objects.get()
    assert warning.ended_at is not None
    assert warning.state == Warning.State.raised
    assert list(warning.events.order_by("id").values_list("what", flat=True))[-1] == "ended"


def test_a_rule_that_is_switched_off_raises_nothing(quiet: District) -> None:
    surge_of(quiet)
    WarningRule.objects.filter(kind="surge").update(active=False)
    assert watch_surges(NOON + timedelta(hours=1)) == 0


def test_a_series_judged_false_must_be_rarer_next_time(quiet: District) -> None:
    surge_of(quiet, 8)
    watch_surges(NOON + timedelta(hours=1))
    warning = Warning.objects.get()
    conclude(quiet.people["supervisor"], warning.pk, "false", "演练来电", NOON + timedelta(hours=2))
    tuning = Tuning.objects.get()
    assert (tuning.series, tuning.factor, tuning.false) == (warning.series, 4.0, 1)
    forget_tuning(quiet.people["administrator"], "surge", tuning.series, NOON)
    assert not Tuning.objects.exists()
    assert AuditEntry.objects.filter(action="warnings.tuning_forgotten").count() == 1


def test_an_event_that_is_judged_while_it_runs_is_not_raised_anew(quiet: District) -> None:
    surge_of(quiet, 40)
    watch_surges(NOON + timedelta(minutes=40))
    conclude(quiet.people["supervisor"], Warning.objects.get().pk, "true", "主管爆裂", NOON + timedelta(minutes=41))
    for minutes in (60, 120, 180):
        watch_surges(NOON + timedelta(minutes=minutes))
    warning = Warning.objects.get()
    assert warning.observed >= 40
    assert warning.state == Warning.State.closed


def test_a_try_out_shows_what_a_rule_would_have_raised_and_writes_nothing(quiet: District) -> None:
    surge_of(quiet)
    rule = WarningRule(kind="surge", least=6, ratio=2.0, hours=24, a_week=0.1)
    tried = try_out(rule, NOON + timedelta(hours=5))
    [row] = tried.rows
    assert row.title.startswith(quiet.community.name)
    assert dict(tried.levels)[Level(row.level).label] == tried.count == 1
    rule.least = 600
    assert not try_out(rule, NOON + timedelta(hours=5)).rows
    assert not Warning.objects.exists()


def made(district: District, level: int = 1, series: str = "a", **more: object) -> Warning:
    found = Found("surge", series, "钟家村 停水", "依据 12 件。", level, NOON, 12, 1.5, **more)  # type: ignore[arg-type]
    return report(found, WarningRule.objects.get(kind="surge"), NOON)


def test_the_same_series_is_one_warning_whose_level_only_rises(district: District) -> None:
    first = made(district, 1)
    assert made(district, 3).pk == first.pk
    assert made(district, 0).pk == first.pk
    first.refresh_from_db()
    assert first.level == 3
    assert first.answer_due_at == NOON + timedelta(minutes=30)


def test_acknowledging_and_judging_close_a_warning(district: District) -> None:
    warning = made(district)
    leader = district.people["leader"]
    acknowledge(leader, warning.pk, NOON + timedelta(hours=5))
    with pytest.raises(Refused):
        acknowledge(leader, warning.pk, NOON)
    add_note(leader, warning.pk, "已派人到场", NOON)
    with pytest.raises(Refused):
        conclude(leader, warning.pk, "false", " ", NOON)
    with pytest.raises(Refused):
        conclude(leader, warning.pk, "maybe", "x", NOON)
    done = conclude(leader, warning.pk, "true", "主管爆裂", NOON + timedelta(hours=6))
    assert (done.state, done.outcome) == ("closed", "true")
    with pytest.raises(Refused):
        conclude(leader, warning.pk, "known", "", NOON)
    said = list(warning.events.order_by("id").values_list("what", "words"))
    assert ("acknowledged", "超过确认时限。") in said
    assert ("judged", "属实：主管爆裂") in said


def test_who_may_not_answer_is_refused(district: District) -> None:
    warning = made(district)
    for role in ("agent", "unit", "dispatcher", "administrator"):
        with pytest.raises(Forbidden):
            acknowledge(district.people[role], warning.pk, NOON)
    with pytest.raises(Forbidden):
        change_rule(district.people["leader"], "surge", {"least": 3, "answer_minutes": 30}, NOON)


def test_an_account_of_a_street_sees_the_warnings_of_its_street(district: District) -> None:
    inside = made(district, series="in", area_id=district.community.pk)
    elsewhere = Area.objects.filter(level="street").exclude(pk=district.street.pk).first()
    assert elsewhere is not None
    made(district, series="out", area_id=elsewhere.pk)
    made(district, series="all")
    account = district.people["leader"].account_id
    local = Actor("街道领导", (GrantValue("leader", None, district.street.pk),), account)
    assert list(visible_warnings(local)) == [inside]
    assert visible_warnings(district.people["leader"]).count() == 3
    assert visible_warnings(district.people["agent"]).count() == 0


def test_a_warning_nobody_acknowledged_is_pressed_once(district: District) -> None:
    warning = made(district)
    assert press_unanswered(NOON + timedelta(hours=1)) == 0
    assert press_unanswered(NOON + timedelta(hours=3)) == 1
    assert press_unanswered(NOON + timedelta(hours=4)) == 0
    assert Notice.objects.filter(text__startswith="预警超时未确认", role="supervisor").count() == 1
    assert warning.events.filter(what="pressed").count() == 1


def test_changing_a_rule_is_audited(district: District) -> None:
    facts = {"least": 9, "answer_minutes": 60, "roles": ["analyst"], "active": True}
    rule = change_rule(district.people["administrator"], "surge", facts, NOON)
    assert (rule.least, rule.roles) == (9, ["analyst"])
    entry = AuditEntry.objects.get(action="warnings.rule_changed")
    assert entry.data["least"] == [6, 9]
    with pytest.raises(Refused):
        change_rule(district.people["administrator"], "surge", {"answer_minutes": 1}, NOON)


def test_an_email_goes_out_once_per_level(district: District, settings: object) -> None:
    settings.EMAIL_HOST, settings.QUSHU_ADDRESS = "mail.example", "https://centre.example"  # type: ignore[attr-defined]
    WarningRule.objects.filter(kind="surge").update(emails="a@example.cn b@example.cn")
    warning = made(district, 2)
    made(district, 2)
    assert send_waiting(NOON) == (1, 0)
    assert send_waiting(NOON) == (0, 0)
    sent = mail.outbox[0]
    assert sent.to == ["a@example.cn", "b@example.cn"]
    assert "橙色预警" in sent.subject
    assert f"https://centre.example/warnings/{warning.pk}/" in sent.body
    made(district, 3)
    assert send_waiting(NOON) == (1, 0)


def test_an_email_that_fails_is_kept_with_its_reason(district: District, settings: object, monkeypatch: object) -> None:
    settings.EMAIL_HOST = "mail.example"  # type: ignore[attr-defined]
    WarningRule.objects.filter(kind="surge").update(emails="a@example.cn")
    made(district, 2)

    def broken(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("qushu.insight.warnings.telling.send_mail", broken)  # type: ignore[attr-defined]
    assert send_waiting(NOON) == (0, 1)
    telling = Telling.objects.get(way="email")
    assert telling.done_at is None
    assert "ConnectionRefusedError" in telling.error


def test_nothing_is_mailed_without_a_mail_server(district: District, settings: object) -> None:
    settings.EMAIL_HOST = ""  # type: ignore[attr-defined]
    WarningRule.objects.filter(kind="surge").update(emails="a@example.cn")
    made(district, 2)
    assert send_waiting(NOON) == (0, 0)
    assert mail.outbox == []
