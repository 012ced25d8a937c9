"""Accuracy by week and unit with the rows behind it; models and the switch; what the system understood of a text."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from qushu.cases.actions import Suggestion, accept_case, dispatch_case, redispatch_case, register_case
from qushu.cases.exports import LISTS
from qushu.cases.models import Assignment, Case
from qushu.cases.tests.district import MONDAY
from qushu.insight.understanding.accuracy import Counted, fold_weeks, rows_behind, units_of, weeks_of
from qushu.insight.understanding.learned_places import gazetteer, learn_places
from qushu.insight.understanding.models import (
    AutoDispatch,
    LearnedPlace,
    ModelVersion,
    SafetyWord,
    Suggested,
    WeekCount,
)
from qushu.insight.understanding.reading import safety_table
from qushu.people.models import AuditEntry
from qushu.people.tests.staff import log_in, make_account

from .past_cases import put_model_in_service

NOW = MONDAY
WEEK = date(2024, 3, 4)


def dispatched(district, suggested, chosen, model="words-1") -> Case:
    case = accept_case(district.call("agent"), district.intake())
    case = register_case(
        district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general"
    )
    return dispatch_case(
        district.call("dispatcher"), case.pk, chosen.pk, suggestion=Suggestion(suggested.pk, model, 0.7)
    )


@pytest.fixture
def three(district) -> list[Case]:
    """Three dispatches: taken and right; taken and corrected by a redispatch; not taken."""
    cases = [
        dispatched(district, district.water, district.water),
        dispatched(district, district.water, district.water),
        dispatched(district, district.housing, district.water),
    ]
    redispatch_case(district.call("supervisor"), cases[1].pk, district.housing.pk, reason="不属其职责")
    fold_weeks(NOW)
    return cases


def test_a_redispatch_makes_the_suggestion_wrong_though_it_was_taken(three, district):
    (week,) = weeks_of(WEEK, WEEK, None)
    assert week.counted == Counted(suggested=3, right=1, accepted=2, listed=0, among=0)
    assert week.models == ["words-1"]
    lines = {line.unit_id: line.counted for line in units_of(WEEK, WEEK)}
    assert lines[district.water.pk] == Counted(2, 1, 1, 0, 0)
    assert lines[district.housing.pk] == Counted(1, 0, 1, 0, 0)


def test_a_dispatch_without_a_suggestion_is_not_counted(three, district):
    case = accept_case(district.call("agent"), district.intake())
    case = register_case(
        district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general"
    )
    dispatch_case(district.call("dispatcher"), case.pk, district.water.pk)
    fold_weeks(NOW)
    assert sum(row.suggested for row in WeekCount.objects.all()) == 3


def test_counting_again_changes_nothing_and_what_changed_since_is_counted(three, district):
    assert fold_weeks(NOW) == fold_weeks(NOW) == WeekCount.objects.count()
    redispatch_case(district.call("supervisor"), three[2].pk, district.housing.pk, reason="不属其职责")
    fold_weeks(NOW)
    assert weeks_of(WEEK, WEEK, None)[0].counted.right == 2


def test_every_figure_opens_as_many_rows_as_it_says(three, district):
    actor = district.people["supervisor"]
    week = weeks_of(WEEK, WEEK, None)[0].counted
    assert rows_behind(actor, WEEK, WEEK).count() == week.suggested
    assert rows_behind(actor, WEEK, WEEK, outcome="right").count() == week.right
    assert rows_behind(actor, WEEK, WEEK, outcome="wrong").count() == week.suggested - week.right
    assert rows_behind(actor, WEEK, WEEK, outcome="accepted").count() == week.accepted
    assert rows_behind(actor, WEEK, WEEK, district.housing.pk, "accepted").count() == 1
    assert rows_behind(actor, WEEK, WEEK, model="other").count() == 0
    assert rows_behind(district.people["other_unit"], WEEK, WEEK).count() == 1  # only its own case


def test_the_file_of_rows_is_empty_for_who_may_not_read_the_page(three, district):
    asked = {"first": "2024-03-04", "last": "2024-03-04"}
    rows = {role: LISTS["suggestion-rows"].rows(district.people[role], asked, NOW) for role in ("supervisor", "unit")}
    assert {role: len(found) for role, found in rows.items()} == {"supervisor": 3, "unit": 0}


def test_the_right_unit_among_the_three_is_counted_where_three_were_kept(three, district):
    kept = Assignment.objects.get(case=three[2], ended_at__isnull=True)
    Suggested.objects.create(
        assignment=kept, model="words-1", unit_ids=[district.housing.pk, district.water.pk], scores=[0.6, 0.3]
    )
    fold_weeks(NOW)
    counted = weeks_of(WEEK, WEEK, None)[0].counted
    assert (counted.listed, counted.among, counted.top3) == (1, 1, 100.0)
    page = log_in(make_account("supervisor")).get(
        reverse("suggestion-rows"), {"first": WEEK, "last": WEEK, "outcome": "wrong"}
    )
    assert "前三之内" in page.content.decode()


def test_the_page_of_accuracy_shows_weeks_units_and_links_to_rows(three, district):
    client = log_in(make_account("analyst"))
    page = client.get(reverse("suggestion-accuracy")).content.decode()
    assert "测试水务集团" in page
    assert "33.3" in page
    link = f"{reverse('suggestion-rows')}?first=2024-03-04&amp;last=2024-03-04&amp;outcome=right"
    assert link in page
    rows = client.get(link.replace("&amp;", "&")).content.decode()
    assert three[0].number in rows
    assert three[2].number not in rows
    one = client.get(reverse("suggestion-accuracy"), {"unit": district.housing.pk, "weeks": "13"}).content.decode()
    assert "各承办单位" not in one


def test_the_pages_have_a_decent_empty_state(district):
    client = log_in(make_account("leader"))
    assert "还没有可算的派单" in client.get(reverse("suggestion-accuracy")).content.decode()
    assert "还没有学习得来的模型" in client.get(reverse("understanding-models")).content.decode()


def test_wrong_addresses_of_rows_are_refused(district):
    client = log_in(make_account("analyst"))
    for wrong in ({}, {"first": "x", "last": "2024-03-04"}, {"first": WEEK, "last": WEEK, "outcome": "odd"}):
        assert client.get(reverse("suggestion-rows"), wrong).status_code == 404


@pytest.mark.parametrize("name", ["suggestion-accuracy", "understanding-models"])
def test_units_and_agents_do_not_read_it(district, name):
    for role in ("agent", "follow_up"):
        assert log_in(make_account(role)).get(reverse(name)).status_code == 403


def test_an_administrator_sets_the_accuracy_and_sees_the_share(district):
    put_model_in_service(district, NOW)
    client = log_in(make_account("administrator"))
    page = client.get(reverse("understanding-models")).content.decode()
    assert "没有任何把握达到 95%" in page
    answer = client.post(reverse("understanding-auto"), {"wanted": "80", "switched_on": "on"}, follow=True)
    assert "自动派单已开启" in answer.content.decode()
    assert "把握不低于 <strong>50.0%</strong>" in answer.content.decode()
    assert AutoDispatch.objects.get().switched_on
    wrong = client.post(reverse("understanding-auto"), {"wanted": "12"})
    assert wrong.status_code == 422
    assert log_in(make_account("analyst")).post(reverse("understanding-auto"), {"wanted": "99"}).status_code == 403
    assert AutoDispatch.objects.get().wanted == 80


def test_a_former_version_is_put_back_from_the_page(district):
    version = put_model_in_service(district, NOW)
    ModelVersion.objects.update(state="retired")
    client = log_in(make_account("administrator"))
    assert "重新启用" in client.get(reverse("understanding-models")).content.decode()
    client.post(reverse("understanding-use", args=[version.pk]))
    assert ModelVersion.objects.get().state == "in_service"
    gone = client.post(reverse("understanding-use", args=[999]), follow=True)
    assert "没有这个模型版本" in gone.content.decode()


def test_learning_now_is_asked_of_the_worker_once(district):
    from procrastinate.contrib.django.models import ProcrastinateJob

    client = log_in(make_account("administrator"))
    for _ in range(2):
        assert client.post(reverse("understanding-retrain")).status_code == 302
    assert ProcrastinateJob.objects.filter(task_name__endswith="retrain_on_request").count() == 1


def test_the_panel_of_a_case_says_matter_place_and_danger(district):
    text = "市民来电反映：钟家村社区门口燃气泄漏，没有爆炸，张三丰先生的电话13812345678，希望尽快维修。"
    case = accept_case(district.call("agent"), district.intake(text=text))
    client = log_in(make_account("agent"))
    part = client.get(reverse("case-understood", args=[case.number]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    for word in ("钟家村社区", "燃气", "希望尽快维修", "姓名", "电话"):
        assert word in part
    assert "爆炸</span>" not in part
    assert "13812345678" not in part
    assert "<html" in client.get(reverse("case-understood", args=[case.number])).content.decode()
    assert reverse("case-understood", args=[case.number]) in client.get(f"/cases/{case.number}/").content.decode()


def test_the_panel_of_a_case_is_closed_to_who_may_not_read_the_case(district):
    case = accept_case(district.call("agent"), district.intake())
    client = log_in(make_account("unit", unit=district.housing))
    assert client.get(reverse("case-understood", args=[case.number])).status_code == 404


def test_the_desk_reads_a_text_by_post_only(district):
    client = log_in(make_account("agent"))
    assert client.get(reverse("text-understood")).status_code == 405
    part = client.post(reverse("text-understood"), {"text": "门口起火了，请派人来"}).content.decode()
    assert "火灾" in part
    assert "记下诉求后" in client.post(reverse("text-understood"), {"text": " "}).content.decode()


def test_names_of_places_are_learned_from_cases_and_replace_the_former_ones(district):
    LearnedPlace.objects.create(name="旧名小区", kind="estate", cases=9, agreed=1)
    for word in ("家住", "位于", "关于", "反映", "投诉", "来到"):
        accept_case(district.call("agent"), district.intake(text=f"{word}锦江花园的路灯不亮"))
    Case.objects.update(street=district.street)
    assert learn_places(NOW + timedelta(hours=1)) == LearnedPlace.objects.count()
    learned = LearnedPlace.objects.get(name="锦江花园")
    assert (learned.kind, learned.street_id, learned.cases) == ("estate", district.street.pk, 6)
    assert not LearnedPlace.objects.filter(name="旧名小区").exists()
    (place,) = [one for one in gazetteer().find("锦江花园停电") if one.kind == "estate"]
    assert place.area == district.street.pk


def test_an_area_that_gets_another_name_is_known_by_it_at_once(district):
    said, pk = "望江里社区停电", district.community.pk
    assert pk not in [place.area for place in gazetteer().find(said)]
    type(district.community).objects.filter(pk=pk).update(name="望江里社区")
    assert pk in [place.area for place in gazetteer().find(said)]


def test_an_administrator_keeps_the_table_of_dangerous_words(district):
    client = log_in(make_account("administrator"))
    added = client.post(
        reverse("new-safety-word"), {"word": "跳闸起火花", "kind": "electric", "active": "on"}, follow=True
    )
    assert "已新增“跳闸起火花”" in added.content.decode()
    word = SafetyWord.objects.get(word="跳闸起火花")
    again = client.post(reverse("new-safety-word"), {"word": "跳闸起火花", "kind": "fire"})
    assert again.status_code == 422
    assert client.post(reverse("new-safety-word"), {"word": "火", "kind": "fire"}).status_code == 422
    client.post(reverse("safety-word", args=[word.pk]), {"word": "跳闸起火花", "kind": "electric", "major": "on"})
    word.refresh_from_db()
    assert (word.major, word.active) == (True, False)
    page = client.get(reverse("safety-words"), {"q": "跳闸"}).content.decode()
    assert "停用" in page
    assert AuditEntry.objects.filter(subject=f"safety_word:{word.pk}").count() == 2
    assert log_in(make_account("dispatcher")).get(reverse("safety-words")).status_code == 403


def test_a_word_that_is_switched_off_is_no_longer_found(district):
    assert "起火" in safety_table()
    SafetyWord.objects.filter(word="起火").update(active=False)
    assert "起火" not in safety_table()


def test_a_model_that_was_not_taken_is_told_with_the_share_it_would_cover(district):
    version = put_model_in_service(district, NOW)
    client = log_in(make_account("analyst"))
    ModelVersion.objects.update(state="candidate")
    page = client.get(reverse("understanding-models")).content.decode()
    assert version.name in page and "没有采用" in page and "没有任何把握达到 95%" in page
    ModelVersion.objects.update(promises=[[0.95, 0.5, 0.9, 0.96]])
    assert "可自动派出 <strong>90.0%</strong>" in client.get(reverse("understanding-models")).content.decode()
    assert "还没有学习得来的模型" not in page
