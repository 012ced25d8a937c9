from datetime import timedelta

import pytest

from qushu.cases.actions import accept_case
from qushu.cases.models import Case
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.warnings import emergencies
from qushu.insight.warnings.emergencies import end_old, look_at_case, look_at_newest
from qushu.insight.warnings.lateness import watch_lateness
from qushu.insight.warnings.models import KnownWord, Warning
from qushu.insight.warnings.new_words import learn_words, watch_words
from qushu.insight.warnings.repeating import watch_repeats
from qushu.insight.warnings.silence import watch_silence
from qushu.insight.warnings.volumes import watch_volumes

from .putting import every, put_cases

pytestmark = pytest.mark.django_db
FIRE = "钟家村社区三号楼起火了，浓烟很大，楼上有人被困。"


def test_one_urgent_case_of_danger_is_an_emergency(district: District) -> None:
    case = accept_case(district.call("agent"), district.intake(text=FIRE, urgency="urgent"))
    warning = look_at_case(case.pk, MONDAY)
    assert warning is not None
    assert (warning.kind, warning.area) == ("safety", district.community)
    assert warning.level >= 2
    assert case.number in warning.ground
    assert look_at_case(case.pk, MONDAY).pk == warning.pk  # type: ignore[union-attr]
    assert warning.rows.count() == warning.observed == 1


def test_further_cases_of_the_same_place_join_the_emergency(district: District) -> None:
    for nth in range(3):
        put_cases(district, [MONDAY + timedelta(minutes=nth)], text=FIRE, urgency="urgent")
    assert look_at_newest(MONDAY - timedelta(hours=1), MONDAY + timedelta(minutes=5)) == 3
    assert look_at_newest(MONDAY - timedelta(hours=1), MONDAY + timedelta(minutes=5)) == 0
    warning = Warning.objects.get()
    assert (warning.level, warning.observed) == (3, 3)
    assert "等 3 件" in warning.ground


def test_a_road_accident_is_a_traffic_emergency(district: District) -> None:
    put_cases(district, [MONDAY], text="汉阳大道发生交通事故，两车相撞。", urgency="urgent")
    look_at_newest(MONDAY - timedelta(hours=1), MONDAY)
    assert Warning.objects.get().kind == "traffic"


def test_a_danger_that_is_denied_or_feared_is_none(district: District) -> None:
    put_cases(district, [MONDAY], text="楼道堆放杂物，担心起火，没有发生爆炸。", urgency="urgent")
    assert look_at_newest(MONDAY - timedelta(hours=1), MONDAY) == 0


def test_an_old_case_is_no_emergency(district: District) -> None:
    case = put_cases(district, [MONDAY - timedelta(days=3)], text=FIRE)[0]
    assert look_at_case(case.pk, MONDAY) is None


def test_an_emergency_ends_when_nobody_joins_it(district: District) -> None:
    put_cases(district, [MONDAY], text=FIRE)
    look_at_newest(MONDAY - timedelta(hours=1), MONDAY)
    assert end_old(MONDAY + timedelta(hours=1)) == 0
    assert end_old(MONDAY + timedelta(hours=3)) == 1


def test_only_a_case_marked_urgent_is_looked_at_as_soon_as_its_move_is_committed(
    district: District, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(emergencies, "_defer", asked.append)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        urgent = accept_case(district.call("agent"), district.intake(text=FIRE, urgency="urgent"))
        accept_case(district.call("agent"), district.intake())
    assert asked == [urgent.pk]


def test_one_caller_who_calls_again_and_again_is_a_repeat(district: District) -> None:
    caller = b"\x01" * 16
    put_cases(district, every(MONDAY, 10, 6), caller_index=caller)
    put_cases(district, every(MONDAY, 10, 6))
    now = MONDAY + timedelta(days=3)
    assert watch_repeats(now) == 1
    assert watch_repeats(now) == 1
    warning = Warning.objects.get()
    assert warning.observed == warning.rows.count() == 6
    assert "来电 6 次" in warning.ground
    watch_repeats(MONDAY + timedelta(days=30))
    warning.refresh_from_db()
    assert warning.ended_at is not None


def test_sealed_cases_of_a_caller_stand_in_no_warning_beside_open_ones(district: District) -> None:
    caller = {"caller_index": b"\x01" * 16}
    put_cases(district, every(MONDAY, 10, 6), **caller)
    put_cases(district, every(MONDAY, 10, 6), marks=["sensitive"], **caller)
    assert watch_repeats(MONDAY + timedelta(days=3)) == 2
    for warning in Warning.objects.all():
        assert len({tuple(row.case.marks) for row in warning.rows.all()}) == 1


def test_a_unit_with_more_due_than_it_can_do_is_warned_of(district: District) -> None:
    due = {"lead_unit_id": district.water.pk, "state": "in_hand"}
    put_cases(district, every(MONDAY - timedelta(days=1), 0.1, 30), due_at=MONDAY + timedelta(hours=5), **due)
    assert watch_lateness(MONDAY) == 1
    warning = Warning.objects.get()
    assert warning.unit == district.water
    assert "30 件到期" in warning.ground
    assert warning.rows.count() == 30
    Case.objects.update(resolved_at=MONDAY, due_at=None)
    watch_lateness(MONDAY + timedelta(minutes=5))
    warning.refresh_from_db()
    assert warning.ended_at is not None


def test_a_unit_that_keeps_pace_is_not(district: District) -> None:
    put_cases(
        district,
        every(MONDAY - timedelta(days=9), 0.1, 600),
        lead_unit_id=district.water.pk,
        resolved_at=MONDAY - timedelta(days=1),
    )
    due = {"lead_unit_id": district.water.pk, "due_at": MONDAY + timedelta(hours=5)}
    put_cases(district, every(MONDAY - timedelta(days=1), 0.1, 30), state="in_hand", **due)
    assert watch_lateness(MONDAY) == 0


def test_a_busy_channel_from_which_nothing_comes_is_warned_of(district: District) -> None:
    for week in range(1, 9):
        put_cases(district, every(MONDAY - timedelta(weeks=week, hours=5.5), 0.2, 25))
    assert watch_silence(MONDAY) == 1
    warning = Warning.objects.get()
    assert warning.series == "12345"
    assert "没有一件来件" in warning.ground
    put_cases(district, [MONDAY + timedelta(minutes=1)])
    assert watch_silence(MONDAY + timedelta(minutes=5)) == 0


def test_a_word_that_many_texts_suddenly_use_is_new(district: District) -> None:
    old = "市民反映自来水管爆裂，路面积水，希望尽快维修。"
    put_cases(district, every(MONDAY - timedelta(days=40), 1, 60), text=old)
    assert watch_words(MONDAY) == 0  # nothing is known yet, so everything would be new
    assert learn_words() > 0
    assert KnownWord.objects.filter(word="爆裂", texts=60).exists()
    put_cases(district, every(MONDAY - timedelta(hours=10), 0.5, 12), text=f"蓝鲸健身房突然关门，{old}")
    assert watch_words(MONDAY) == 1
    warning = Warning.objects.get()
    assert warning.observed == 12
    assert warning.rows.count() == 12
    assert "爆裂" not in warning.word
    assert watch_words(MONDAY) == 1
    assert Warning.objects.count() == 1


def test_a_word_that_one_caller_says_again_and_again_is_no_new_word(district: District) -> None:
    old = "市民反映自来水管爆裂，路面积水，希望尽快维修。"
    put_cases(district, every(MONDAY - timedelta(days=40), 1, 60), text=old)
    learn_words()
    said = f"蓝鲸健身房突然关门，{old}"
    put_cases(district, every(MONDAY - timedelta(hours=10), 0.5, 12), text=said, caller_index=b"\x01" * 16)
    assert watch_words(MONDAY) == 0


def test_a_day_outside_its_forecast_is_warned_of(district: District) -> None:
    for day in range(1, 60):
        put_cases(district, every(MONDAY - timedelta(days=day), 0.2, 30))
    now = MONDAY + timedelta(hours=1)
    assert watch_volumes(now) == 0
    put_cases(district, every(MONDAY - timedelta(days=1), 0.05, 150))
    assert watch_volumes(now) >= 1
    warning = Warning.objects.filter(series="0:high").get()
    assert "高于预测范围" in warning.ground
    assert warning.chart["days"][-1]["n"] == 180
    watch_volumes(now + timedelta(days=2))
    warning.refresh_from_db()
    assert warning.ended_at is not None
