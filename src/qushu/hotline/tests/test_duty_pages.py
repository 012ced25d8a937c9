"""The pages of 值班表 and 交接班, as people of each role meet them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from qushu.hotline.duty.sheet import COLUMNS
from qushu.hotline.duty.urls import urlpatterns
from qushu.hotline.models import DutyShift, Handover
from qushu.kernel.tables import read_table
from qushu.people.access import matrix
from qushu.people.models import Account, Role
from qushu.people.tests.staff import log_in

POST_ONLY = {"duty-remove", "handover-take", "handover-supplement"}


def enter(role: str):
    return log_in(Account.objects.get(username=f"t-{role}"))


def shift_of(role: str, begins: int, ends: int, post: str = "desk") -> DutyShift:
    """A shift from so many hours from now until so many."""
    now = timezone.now()
    account = Account.objects.get(username=f"t-{role}")
    return DutyShift.objects.create(
        account=account, post=post, starts_at=now + timedelta(hours=begins), ends_at=now + timedelta(hours=ends)
    )


def local(hours: int) -> str:
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


@pytest.fixture
def handed(district) -> Handover:
    shift = shift_of("agent", -8, 0)
    enter("agent").post(reverse("handover-new"), {"shift": shift.pk, "summary": "平稳", "unfinished": "水管"})
    return Handover.objects.get()


@pytest.mark.parametrize("role", Role.values)
def test_each_role_opens_what_the_matrix_allows_and_nothing_else(district, handed, role):
    client, wrong = enter(role), []
    arguments = {"shift_id": shift_of("leader", 1, 2, "leader").pk, "handover_id": handed.pk, "format": "csv"}
    for one in urlpatterns:
        url = reverse(one.name, kwargs={key: arguments[key] for key in one.pattern.converters})
        answer = client.post(url) if one.name in POST_ONLY else client.get(url)
        allowed = matrix()[one.callback.action][role] != "-"
        if (answer.status_code == 403) == allowed or answer.status_code >= 500:
            wrong.append((one.name, answer.status_code))
    assert wrong == []


def test_the_roster_says_who_is_on_now_and_marks_what_nobody_covers(district):
    shift_of("agent", -1, 7)
    words = enter("agent").get("/duty/").content.decode()
    assert "测试坐席" in words and "没有人在岗" in words and "缺 全天" in words
    assert "排一班" not in words, "an agent doesn't write the roster"
    assert "排一班" in enter("supervisor").get("/duty/").content.decode()


@pytest.mark.parametrize(
    "asked", ["", "?span=month", "?day=2024-02-30", "?day=x&span=y", "?day=0001-01-01", "?day=9999-12-31"]
)
def test_a_span_that_makes_no_sense_shows_this_week(district, asked):
    assert enter("agent").get(f"/duty/{asked}").status_code == 200


def test_a_shift_is_added_and_one_that_overlaps_keeps_what_was_typed(district):
    client, agent = enter("supervisor"), Account.objects.get(username="t-agent")
    said = {"account": agent.pk, "post": "desk", "starts_at": local(24), "ends_at": local(32)}
    assert client.post("/duty/new/", said).status_code == 302
    answer = client.post("/duty/new/", said | {"starts_at": local(30), "ends_at": local(34)})
    assert answer.status_code == 422 and "重叠" in answer.content.decode() and local(30) in answer.content.decode()
    assert DutyShift.objects.count() == 1


def test_a_pattern_is_looked_at_before_it_is_saved(district):
    client = enter("administrator")
    said = {"post": "desk", "first": "2030-01-01", "days": 3, "begins": "08:00", "hours": 8, "seats": 1}
    names = "t-agent\n测试派单员\n\n测试回访员\n"
    answer = client.post("/duty/plan/", said | {"people": names, "do": "look"})
    assert "共 9 班，没有重叠" in answer.content.decode() and not DutyShift.objects.exists()
    assert client.post("/duty/plan/", said | {"people": names, "do": "save"}).status_code == 302
    assert DutyShift.objects.count() == 9
    again = client.post("/duty/plan/", said | {"people": names, "do": "look"}).content.decode()
    assert "9 班和值班表上已有的班次重叠" in again and 'value="save"' not in again
    refused = client.post("/duty/plan/", said | {"people": names, "do": "save"})
    assert refused.status_code == 422 and DutyShift.objects.count() == 9
    unknown = client.post("/duty/plan/", said | {"people": "张三\nt-agent\nt-unit"})
    assert "“张三”不在可排班的人员里；“t-unit”不在可排班的人员里" in unknown.content.decode()


def test_a_change_of_what_somebody_else_changed_is_refused(district):
    client, shift = enter("supervisor"), shift_of("agent", 24, 32)
    seen = client.get(f"/duty/{shift.pk}/").context["form"].initial
    typed = {
        "account": shift.account_id,
        "post": "lead",
        "starts_at": local(24),
        "ends_at": local(31),
        "reason": "换班",
    }
    said = {name: value for name, value in seen.items() if name.startswith("seen_")} | typed
    assert client.post(f"/duty/{shift.pk}/", said).status_code == 302
    answer = client.post(f"/duty/{shift.pk}/", said)
    assert answer.status_code == 422 and "刚被别人修改过" in answer.content.decode()
    assert "换班" in client.get(f"/duty/{shift.pk}/").content.decode(), "the page shows what was changed and why"
    assert client.post(f"/duty/{shift.pk}/", said | {"seen_starts": "x"}).status_code == 422
    assert client.post(f"/duty/{shift.pk}/remove/", {"reason": ""}).status_code == 422
    assert client.post(f"/duty/{shift.pk}/remove/", {"reason": "撤岗"}).status_code == 302
    assert client.get(f"/duty/{shift.pk}/").status_code == 404


def test_what_is_exported_has_the_columns_that_an_import_takes(district):
    shift_of("agent", 0, 1)
    for format in ("csv", "xlsx"):
        answer = enter("agent").get(f"/duty/export.{format}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        rows = [row for _, row in read_table(BytesIO(content), f"a.{format}")]
        assert tuple(rows[0]) == COLUMNS and rows[0]["账号"] == "t-agent"
    assert enter("agent").get("/duty/export.pdf").status_code == 404


def test_a_shift_is_handed_over_taken_over_and_supplemented(district, handed):
    url = reverse("handover-page", args=[handed.pk])
    assert "待接班" in enter("leader").get(url).content.decode()
    own = enter("agent")
    assert own.post(f"{url}take/", {}).status_code == 422
    comer = enter("dispatcher")
    assert comer.post(f"{url}take/", {"remark": "收到"}).status_code == 302
    assert "已经接班" in comer.post(f"{url}take/", {"remark": "又收到"}).content.decode()
    assert own.post(f"{url}supplement/", {"words": ""}).status_code == 422
    assert own.post(f"{url}supplement/", {"words": "应为两件"}).status_code == 302
    words = own.get(url).content.decode()
    assert "收到" in words and "应为两件" in words and "水管" in words
    assert "平稳" in own.get(f"{url}print/").content.decode()


def test_a_handover_that_is_refused_keeps_what_was_typed(district):
    shift = shift_of("agent", -8, 0)
    said = {"shift": shift.pk, "summary": "很长的一段话", "notable": "HY209901010000001"}
    answer = enter("agent").post("/handover/new/", said)
    assert answer.status_code == 422
    assert "很长的一段话" in answer.content.decode() and "没有编号为" in answer.content.decode()
    assert not Handover.objects.exists()


def test_the_log_is_paged_and_narrowed_to_a_day(district, handed):
    agent = Account.objects.get(username="t-agent")
    old = timezone.now() - timedelta(days=3)
    for number in range(12):
        Handover.objects.create(written_by=agent, written_at=old, summary=f"旧事{number}", figures={})
    client = enter("agent")
    first = client.get("/handover/")
    assert len(first.context["page"]) == 10 and first.context["page"].next_cursor
    second = client.get("/handover/", {"after": first.context["page"].next_cursor})
    assert len(second.context["page"]) == 3
    today = client.get("/handover/", {"day": f"{timezone.localdate(handed.written_at):%Y-%m-%d}"})
    assert [one.pk for one in today.context["page"]] == [handed.pk]
    assert len(client.get("/handover/", {"day": "x"}).context["page"]) == 10


def test_a_shift_without_handover_is_shown_to_the_lead_who_is_on(district):
    shift_of("agent", -9, -1)
    lead = enter("dispatcher")
    assert "有班次没有交接" not in lead.get("/handover/").content.decode()
    shift_of("dispatcher", -1, 7, "lead")
    assert "有班次没有交接" in lead.get("/handover/").content.decode()
    assert "有班次没有交接" in lead.get("/duty/").content.decode()
    assert "有班次没有交接" not in enter("follow_up").get("/handover/").content.decode()


def test_the_pages_of_a_month_full_of_shifts_ask_a_handful_of_questions(district, django_assert_max_num_queries):
    client = enter("supervisor")
    said = {"post": "desk", "first": f"{timezone.localdate():%Y-%m-01}", "days": 31, "begins": "00:00", "hours": 6}
    people = "t-agent\nt-dispatcher\nt-follow_up\nt-leader"
    client.post("/duty/plan/", said | {"seats": 4, "people": people, "do": "save"})
    assert DutyShift.objects.count() == 31 * 4 * 4
    client.get("/duty/")
    with django_assert_max_num_queries(12):
        client.get("/duty/?span=month")
