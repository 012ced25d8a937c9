"""The supervision board by unit, orders for several cases, and what the units find in their inboxes."""

import re
from collections import defaultdict

import pytest

from qushu.cases import actions
from qushu.cases.models import Case, Supervision
from qushu.hotline.work import queries

from .working import call, client, dispatched, past_due, registered

pytestmark = pytest.mark.django_db


def late(district, unit=None) -> Case:
    return past_due(dispatched(district, unit))


def figures(answer) -> dict[str, int]:
    return {code: count for code, _, count in answer.context["tabs"]}


def test_figures_stand_by_unit_and_open_the_lists_behind_them(district):
    mine, other = late(district), late(district, district.housing)
    waiting = past_due(registered(district), "dispatch")
    Case.objects.filter(pk=mine.pk).update(return_count=2, reopen_count=1)
    supervisor = client("supervisor")
    page = supervisor.get("/supervision/")
    assert figures(page) == {
        "late": 2, "missed": 1, "tomorrow": 0, "returned": 1, "reopened": 1, "ladder": 0, "answered": 0,
    }  # fmt: skip
    text = page.content.decode()
    opened = (("late", district.water.pk, mine), ("late", district.housing.pk, other), ("missed", "none", waiting))
    for tab, unit, case in opened:
        assert f'href="?tab={tab}&amp;unit={unit}"' in text
        behind = supervisor.get("/supervision/", {"tab": tab, "unit": unit})
        assert [one.pk for one, _ in behind.context["rows"]] == [case.pk]


def test_large_figures_are_written_so_that_they_can_be_read(district, monkeypatch):
    line = queries.UnitLine(district.water.pk, "水务", defaultdict(int, late=100_006))
    monkeypatch.setattr(queries, "board_counts", lambda *_: [line])
    assert (
        client("supervisor").get("/supervision/").content.decode().count(">100,006<") == 2
    )  # the tab and the unit's cell


def test_a_merged_case_is_on_no_tab(district):
    parent, child = dispatched(district), dispatched(district)
    Case.objects.filter(pk=child.pk).update(return_count=2, reopen_count=1)
    actions.merge_case(call(district, "dispatcher"), child.pk, parent.pk)
    assert set(figures(client("supervisor").get("/supervision/")).values()) <= {0, 1}
    for tab in ("returned", "reopened"):
        assert child.number not in client("supervisor").get("/supervision/", {"tab": tab}).content.decode()


def test_one_order_goes_to_every_picked_case_once(district):
    cases = [late(district), late(district, district.housing)]
    said = {"level": "supervise", "words": "今日内办结", "request_key": "k", "pick": [case.pk for case in cases]}
    supervisor = client("supervisor")
    for _ in range(2):
        supervisor.post("/supervision/", said)
    orders = Supervision.objects.order_by("case_id")
    assert [(order.case_id, order.level, order.words) for order in orders] == [
        (case.pk, "supervise", "今日内办结") for case in cases
    ]
    page = supervisor.get("/supervision/").content.decode()
    pressed = re.findall(r"tone-late [^>]*>督办</span>", page)
    assert len(pressed) == len(cases), "who presses the next ones sees which were"


def test_an_order_without_words_is_refused_and_keeps_what_was_chosen(district):
    case = late(district)
    answer = client("supervisor").post("/supervision/", {"level": "escalate", "pick": [case.pk]})
    assert answer.status_code == 422 and not Supervision.objects.exists()
    assert answer.context["form"]["level"].value() == "escalate"
    assert b"hx-trigger" not in answer.content  # what is being written is not fetched away


def test_a_leader_who_may_not_see_the_form_still_sees_the_board_and_an_analyst_does_not(district):
    assert client("leader").get("/supervision/").status_code == 200
    assert client("analyst").get("/supervision/").status_code == 403


def test_an_order_is_answered_by_its_unit_only_and_closed_by_the_supervisor(district):
    case, other = late(district), late(district, district.housing)
    for one in (case, other):
        actions.supervise_case(call(district, "supervisor"), one.pk, "urge", "请抓紧")
    unit, order = client("unit"), Supervision.objects.get(case=case)
    inbox = unit.get("/inbox/", {"tab": "orders"})
    assert [one.pk for one in inbox.context["orders"]] == [order.pk]
    unit.post(f"/cases/{case.number}/moves/answer_supervision/", {"order": order.pk, "answer": "今晚修好"})
    assert not list(unit.get("/inbox/", {"tab": "orders"}).context["orders"])
    supervisor = client("supervisor")
    answered = supervisor.get("/supervision/", {"tab": "answered"})
    assert "今晚修好" in answered.content.decode() and figures(answered)["ladder"] == 1
    supervisor.post(f"/supervision/orders/{order.pk}/close/", {"next": "/supervision/?tab=answered"})
    order.refresh_from_db()
    assert order.closed_at is not None
    assert not list(supervisor.get("/supervision/", {"tab": "answered"}).context["orders"])


def test_the_board_tells_who_acknowledged(district):
    case = late(district)
    actions.acknowledge_case(call(district, "unit"), case.pk)
    assert f"{district.people['unit'].name} " in client("supervisor").get("/supervision/").content.decode()


def test_the_ladder_is_narrowed_to_a_level(district):
    urged, pressed = dispatched(district), dispatched(district)
    actions.supervise_case(call(district, "supervisor"), urged.pk, "urge", "请抓紧")
    actions.supervise_case(call(district, "supervisor"), pressed.pk, "supervise", "请抓紧")
    answer = client("supervisor").get("/supervision/", {"tab": "ladder", "level": "urge"})
    assert [case.pk for case, _ in answer.context["rows"]] == [urged.pk]


def test_the_inbox_counts_own_assisting_late_and_due_today(district):
    late(district)
    dispatched(district, district.housing, (district.water.pk,))
    case = dispatched(district)
    actions.acknowledge_case(call(district, "unit"), case.pk)
    page = client("unit").get("/inbox/")
    assert figures(page) == {
        "new": 1, "working": 1, "reopened": 0, "assist": 1, "orders": 0, "asked": 0, "resolved": 0,
    }  # fmt: skip
    assert page.context["counts"].late == 1


def test_an_assisting_unit_sees_whether_its_part_is_given(district):
    case = dispatched(district, district.housing, (district.water.pk,))
    unit = client("unit")
    assert "未交" in unit.get("/inbox/", {"tab": "assist"}).content.decode()
    actions.assist_case(call(district, "unit"), case.pk, "管线无渗漏")
    assert "已交" in unit.get("/inbox/", {"tab": "assist"}).content.decode()


def test_the_inbox_is_filtered_and_acknowledged_from_the_filtered_address(district):
    case = dispatched(district)
    unit = client("unit")
    assert [one.pk for one, _ in unit.get("/inbox/", {"urgency": "general"}).context["rows"]] == [case.pk]
    assert not unit.get("/inbox/", {"urgency": "urgent"}).context["rows"]
    answer = unit.post("/inbox/?tab=new&urgency=general", {"pick": [case.pk]})
    assert answer["Location"] == "/inbox/?tab=new&urgency=general"
    assert Case.objects.get(pk=case.pk).state == "acknowledged"


def test_a_ready_phrase_is_enough_for_a_contact_and_stands_before_ones_own_words(district):
    case = dispatched(district)
    actions.acknowledge_case(call(district, "unit"), case.pk)
    address, unit = f"/cases/{case.number}/moves/contact/", client("unit")
    assert unit.post(address, {"how": "电话"}).status_code == 422
    phrase = unit.get(address).context["form"].fields["phrase"].queryset.first()
    unit.post(address, {"how": "电话", "phrase": phrase.pk, "words": "约定明早九点"})
    assert case.history.get(move="contact").record["words"] == f"{phrase.name}\n约定明早九点"
