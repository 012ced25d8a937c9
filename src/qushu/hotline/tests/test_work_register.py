"""待立案: whatever was only accepted is found there, registered with one step, and counted when it is late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.actions import Call, Part
from qushu.cases.models import Case
from qushu.people.access import CITIZEN, SYSTEM

from .working import call, client, registered

pytestmark = pytest.mark.django_db


def accepted(district, actor=CITIZEN, ago=timedelta(), **facts):
    now = timezone.now()
    return actions.accept_case(Call(actor, now), district.intake(occurred=now - ago, **facts))


def shown(answer):
    return [line.case.pk for line in answer.context["rows"]]


def suggesting(district, text="绿孔雀"):
    """The district's category is suggested for texts that hold this word."""
    district.category.keywords = text
    district.category.save(update_fields=["keywords"])


def test_whatever_was_accepted_waits_there_nearest_deadline_first(district):
    web = accepted(district, channel="mailbox")
    fed = accepted(district, SYSTEM, timedelta(hours=2))
    late = accepted(district, ago=timedelta(days=3))
    parent = registered(district)
    part = actions.split_case(call(district, "dispatcher"), parent.pk, [Part("路灯", "市民另反映路灯不亮。")])[0]
    assert set(shown(client("agent").get("/register/"))) == {web.pk, fed.pk, late.pk, part.pk}
    assert shown(client("agent").get("/register/"))[0] == late.pk
    assert shown(client("dispatcher").get("/register/", {"tab": "late"})) == [late.pk]
    assert {code: count for code, _, count in client("agent").get("/register/").context["tabs"]} == {
        "": "4",
        "late": "1",
    }


def test_one_step_registers_under_the_suggested_category(district):
    suggesting(district)
    case, other = (accepted(district, text="市民反映院子里来了一只绿孔雀。") for _ in range(2))
    agent = client("agent")
    page = agent.get("/register/")
    line = page.context["rows"][0]
    assert (line.category_id, line.reason) == (district.category.pk, "提到“绿孔雀”")
    said = {"one": case.pk, "request_key": "k", f"seen-{case.pk}": case.seq, f"category-{case.pk}": line.category_id}
    for _ in range(2):  # pressed twice
        agent.post("/register/", said | {f"category-{other.pk}": line.category_id})
    case.refresh_from_db()
    assert (case.state, case.category_id, case.area_id, case.seq) == (
        "registered",
        district.category.pk,
        district.community.pk,
        2,
    )
    assert Case.objects.get(pk=other.pk).state == "accepted"


def test_picked_cases_are_registered_together_and_one_without_a_category_is_named(district):
    suggesting(district)
    cases = [accepted(district), accepted(district, text="说不清楚的一件事。")]
    said = {"pick": [case.pk for case in cases], "request_key": "k", f"category-{cases[0].pk}": district.category.pk}
    page = client("dispatcher").post("/register/", said, follow=True).content.decode()
    assert "已立案 1 件" in page and f"{cases[1].number}：没有建议类别" in page
    assert [case.state for case in Case.objects.order_by("pk")] == ["registered", "accepted"]


def test_what_somebody_registered_meanwhile_is_told(district):
    case = accepted(district)
    agent = client("agent")
    said = {
        "one": case.pk,
        "request_key": "k",
        f"seen-{case.pk}": case.seq,
        f"category-{case.pk}": district.category.pk,
    }
    actions.note_case(call(district, "dispatcher"), case.pk, "记一笔")
    assert "测试派单员已备注" in agent.post("/register/", said, follow=True).content.decode()
    assert Case.objects.get(pk=case.pk).state == "accepted"


def test_the_way_there(district):
    accepted(district)
    assert (
        'href="/register/"' in client("agent").get("/").content.decode()
        or 'href="/register/"' in client("agent").get("/desk/").content.decode()
    )
    assert "待立案" in client("dispatcher").get("/dispatch/").content.decode()
    page = client("dispatcher").get("/register/").content.decode()
    assert "不予受理" in page and "改后立案" in page and "/moves/answer/" not in page
    assert "/moves/answer/" in client("agent").get("/register/").content.decode()


def test_a_late_one_is_counted_on_the_board(district):
    case = accepted(district, ago=timedelta(days=3))
    page = client("supervisor").get("/supervision/", {"tab": "missed"})
    assert [row.pk for row, _ in page.context["rows"]] == [case.pk]
    assert page.context["lines"][0][0] == "尚未派单"


def test_a_page_of_thirty_asks_the_database_no_more_than_one_of_three(district, django_assert_max_num_queries):
    suggesting(district)
    for _ in range(30):
        accepted(district)
    agent = client("agent")
    agent.get("/register/")
    with django_assert_max_num_queries(24):
        assert len(shown(agent.get("/register/"))) == 30


def test_changing_before_registering_begins_with_the_suggested_category(district):
    suggesting(district)
    case = accepted(district, text="市民来电反映：绿孔雀跑到路上。")
    form = client("agent").get(f"/cases/{case.number}/moves/register/").context["form"]
    assert form["category"].value() == district.category.pk and "绿孔雀" in form["category"].help_text
    chosen = accepted(district, text="市民来电反映：绿孔雀跑到路上。", category_id=district.category.pk)
    form = client("agent").get(f"/cases/{chosen.number}/moves/register/").context["form"]
    assert form["category"].value() == district.category.pk and not form["category"].help_text
