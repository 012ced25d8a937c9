"""The workplaces show what waits for whom, and do it in one place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.models import Case
from qushu.hotline.seed import seed_catalogue

from .working import call, client, dispatched, past_due, registered

PAGES = {
    "/register/": {"agent", "dispatcher", "supervisor"},
    "/dispatch/": {"dispatcher", "supervisor"},
    "/inbox/": {"unit", "unit_leader"},
    "/reviews/": {"supervisor"},
    "/supervision/": {"supervisor", "leader"},
    "/follow-up/": {"follow_up", "supervisor"},
}


@pytest.mark.parametrize("path", PAGES)
def test_each_workplace_opens_for_its_people_only(district, path):
    for role in ("agent", "dispatcher", "unit", "unit_leader", "supervisor", "follow_up", "analyst", "leader"):
        assert client(role).get(path).status_code == (200 if role in PAGES[path] else 403), role


def test_picked_cases_are_dispatched_each_on_its_own_and_failures_are_told(district):
    first, second = registered(district), registered(district)
    Case.objects.filter(pk=second.pk).update(return_count=2)
    page = client("dispatcher").post(
        "/dispatch/", {"pick": [first.pk, second.pk], "unit": district.water.pk}, follow=True
    )
    assert Case.objects.get(pk=first.pk).state == "dispatched"
    assert Case.objects.get(pk=second.pk).state == "registered"
    text = page.content.decode()
    assert "已派出 1 件" in text
    assert "须由督办员指定" in text


def test_the_inbox_holds_only_the_own_units_cases_nearest_deadline_first(district):
    mine = [dispatched(district) for _ in range(3)]
    other = dispatched(district, district.housing)
    Case.objects.filter(pk=mine[2].pk).update(due_at=mine[0].due_at - timedelta(days=1))
    text = client("unit").get("/inbox/").content.decode()
    assert other.number not in text
    assert text.index(mine[2].number) < text.index(mine[0].number) < text.index(mine[1].number)


def test_picked_cases_are_acknowledged_together(district):
    cases = [dispatched(district) for _ in range(2)]
    client("unit").post("/inbox/", {"pick": [case.pk for case in cases]})
    assert set(Case.objects.values_list("state", flat=True)) == {"acknowledged"}


def test_a_review_is_decided_and_a_second_decision_is_refused(district):
    case = dispatched(district)
    actions.ask_return(call(district, "unit"), case.pk, district.reason("return"), "不属我单位")
    review = case.reviews.get()
    supervisor = client("supervisor")
    assert "不属我单位" in supervisor.get("/reviews/").content.decode()
    supervisor.post(f"/reviews/{review.pk}/", {"decision": "approve", "remark": "同意"})
    assert Case.objects.get(pk=case.pk).state == "registered"
    again = supervisor.post(f"/reviews/{review.pk}/", {"decision": "refuse", "remark": "不同意"}, follow=True)
    assert "处理过此申请" in again.content.decode()
    assert Case.objects.get(pk=case.pk).state == "registered"


def test_what_is_late_and_what_will_be_late_stand_on_the_board(district):
    case = dispatched(district)
    supervisor = client("supervisor")
    assert case.number not in supervisor.get("/supervision/").content.decode()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() + timedelta(hours=1))
    assert case.number in supervisor.get("/supervision/?tab=tomorrow").content.decode()
    past_due(case)
    assert case.number in supervisor.get("/supervision/").content.decode()


def test_a_citizen_who_was_not_reached_rests_before_the_next_call(district):
    case = dispatched(district)
    actions.acknowledge_case(call(district, "unit"), case.pk)
    actions.resolve_case(call(district, "unit"), case.pk, "已修复", "solved")
    caller = client("follow_up")
    assert case.number in caller.get("/follow-up/").content.decode()
    actions.try_call(call(district, "follow_up"), case.pk, "无人接听")
    assert case.number not in caller.get("/follow-up/").content.decode()


def test_the_catalogue_is_suggested_with_its_reason(district):
    seed_catalogue()
    registered(district)
    assert "建议单位" in client("dispatcher").get("/dispatch/").content.decode()


def test_a_row_that_changed_since_the_page_was_opened_is_refused(district):
    case = registered(district)
    actions.note_case(call(district, "agent"), case.pk, "市民又来电")
    dispatcher = client("dispatcher")
    picked = {"pick": [case.pk], "unit": district.water.pk, f"seen-{case.pk}": case.seq}
    assert "已备注" in dispatcher.post("/dispatch/", picked, follow=True).content.decode()
    assert Case.objects.get(pk=case.pk).state == "registered"


def test_the_pages_send_what_they_showed_and_a_key(district):
    case = registered(district)
    page = client("dispatcher").get("/dispatch/").content.decode()
    assert f'name="seen-{case.pk}" value="{case.seq}"' in page
    assert 'name="request_key" value="' in page


def test_picking_a_strangers_case_does_nothing_and_names_nothing(district):
    other = dispatched(district, district.housing)
    page = client("unit").post("/inbox/", {"pick": [other.pk]}, follow=True)
    assert other.number not in page.content.decode()
    assert Case.objects.get(pk=other.pk).state == "dispatched"
