"""The pages of matters: by role, without data, with filters; what one may not see isn't counted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qushu.cases.actions import accept_case
from qushu.cases.contact import Contact
from qushu.cases.entries import write_entries
from qushu.cases.exports import LISTS
from qushu.cases.models import Case, Statement
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.matters import actions
from qushu.insight.matters.arriving import join_new
from qushu.insight.matters.models import Charge, Matter, Membership
from qushu.insight.matters.repeating import find_repeats
from qushu.insight.overview.panels import panels_for
from qushu.kernel.errors import Refused
from qushu.people.actors import actor_for
from qushu.people.models import Account, Notice
from qushu.people.tests.staff import log_in, make_account, make_unit
from qushu.places.models import Area

TEXT = "水岸国际三号楼电梯频繁故障，老人被困，业主将拉横幅，物业公司一直没有维修。"
NOW = MONDAY + timedelta(days=1)


def matter_of(district: District, count: int = 3, same_caller: bool = False) -> Matter:
    for number in range(count):
        contact = Contact(f"王{number}", f"1990027{0 if same_caller else number:04d}")
        intake = district.intake(text=TEXT, contact=contact, kind="complaint")
        accept_case(district.call("agent", timedelta(minutes=number)), intake)
    for number, other in enumerate(("路灯不亮影响晚上出行", "咨询社保卡如何补办手续"), 50):
        accept_case(district.call("agent", timedelta(minutes=number)), district.intake(text=other))
    join_new(NOW)
    return Matter.objects.first() or Matter()


def as_role(role: str) -> Client:
    return log_in(Account.objects.get(username=f"t-{role}"))


@pytest.mark.parametrize("role", ["dispatcher", "supervisor", "analyst", "leader"])
def test_the_board_and_the_matter_open_for_who_may_read_all(district: District, role: str) -> None:
    matter = matter_of(district)
    client = as_role(role)
    board = client.get(reverse("matters"))
    page = client.get(reverse("matter", args=[matter.pk]))
    assert matter.title in board.content.decode()
    assert "过激言词：拉横幅" in board.content.decode()
    said = page.content.decode()
    assert all(number in said for number in Membership.objects.values_list("case__number", flat=True))
    assert "都提到" in said
    assert "19900270001" not in said
    assert ("移出勾选的工单" in said) == (role != "leader")


@pytest.mark.parametrize("role", ["agent", "follow_up", "administrator"])
def test_others_do_not_open_them(district: District, role: str) -> None:
    matter = matter_of(district)
    for address in (reverse("matters"), reverse("matter", args=[matter.pk]), reverse("repeat-callers")):
        assert as_role(role).get(address).status_code == 403


def test_a_unit_sees_and_counts_only_its_own_cases(district: District) -> None:
    matter = matter_of(district)
    client = as_role("unit")
    assert matter.title not in client.get(reverse("matters")).content.decode()
    assert client.get(reverse("matter", args=[matter.pk])).status_code == 404
    mine = Case.objects.filter(pk__in=Membership.objects.values("case")).order_by("pk")[0]
    Case.objects.filter(pk=mine.pk).update(lead_unit=district.water)
    page = client.get(reverse("matter", args=[matter.pk]))
    assert page.context["shape"].cases == page.context["shape"].people == 1
    assert [row.case_id for row, _ in page.context["members"]] == [mine.pk]
    [row] = client.get(reverse("matters")).context["page"].rows
    assert (row.seen_people, row.seen_cases) == (1, 1)
    assert client.get(reverse("matters"), {"people": "2"}).context["page"].rows == []


@pytest.fixture
def shared_matter(district: District) -> Matter:
    """A matter of which the unit has the newest case, told in other words and of another street than the rest."""
    matter = matter_of(district)
    mine = Case.objects.filter(pk__in=Membership.objects.values("case")).order_by("-pk")[0]
    street = Area.objects.create(
        level="street", code="U99", name="洲头街道", parent=district.street.parent, valid_from="2020-01-01"
    )
    told = {"title": "楼梯灯坏了", "street": street, "area": None, "category": district.category}
    Case.objects.filter(pk=mine.pk).update(lead_unit=district.water, **told)
    write_entries([mine.pk])
    Membership.objects.filter(case=mine).update(accepted_at=NOW - timedelta(hours=1))
    titled = {"title": "李某某家电梯困人", "titled_by": Account.objects.get(username="t-supervisor")}
    Matter.objects.filter(pk=matter.pk).update(**titled, streets=[street.pk, district.street.pk])
    actions.note(actions.By(district.people["supervisor"], NOW, 1), matter.pk, "某单位推诿")
    return Matter.objects.get()


WORDS_OF_OTHERS = ("李某某", "拉横幅", "某单位推诿", "等 2 个")


@pytest.mark.parametrize("role", ["unit", "unit_leader"])
def test_a_unit_is_shown_no_words_and_no_places_of_other_units_cases(
    district: District, shared_matter: Matter, role: str
) -> None:
    client = as_role(role)
    number = Case.objects.get(lead_unit=district.water).number
    addresses = [
        reverse("matters"),
        reverse("matter", args=[shared_matter.pk]),
        reverse("matter-of-case", args=[number]),
    ]
    for address in addresses:
        said = client.get(address).content.decode()
        assert f"/matters/{shared_matter.pk}/" in said, address
        assert "洲头街道 " in said, address
        assert not [word for word in WORDS_OF_OTHERS if word in said], address
    [lines] = [one["lines"] for one in panels_for(district.people[role], NOW, 4) if one["panel"].code == "matters"]
    assert [(line.words, line.tone) for line in lines] == [(f"洲头街道 {district.category.name}", "neutral")]
    page = client.get(addresses[1])
    assert not page.context["matter"].seen_organised
    assert "<dt>关键词</dt>" not in page.content.decode()  # the bar above says 关键词 for its own search
    assert page.context["matter"].seen_first == page.context["matter"].seen_last == NOW - timedelta(hours=1)
    assert [name for name, count, _ in page.context["shape"].streets if count] == ["洲头街道"]
    leader = as_role("leader").get(addresses[1]).content.decode()
    assert all(word in leader for word in WORDS_OF_OTHERS[:-1])


@pytest.mark.parametrize(
    ("query", "unit_sees", "leader_sees"),
    [
        ({"q": "李某某"}, False, True),
        ({"q": "楼梯灯"}, True, False),
        ({"street": "other"}, False, True),
        ({"street": "own"}, True, True),
        ({"threat": "1"}, False, True),
        ({"organised": "1"}, False, True),
        ({"unit": "own", "sort": "last"}, True, False),
    ],
)
def test_a_unit_finds_a_matter_by_its_own_cases_only(
    district: District, shared_matter: Matter, query: dict[str, str], unit_sees: bool, leader_sees: bool
) -> None:
    own = Area.objects.get(code="U99").pk
    words = {"street": {"other": district.street.pk, "own": own}, "unit": {"own": district.water.pk}}
    asked = {name: str(words.get(name, {}).get(value, value)) for name, value in query.items()}
    for role, sees in (("unit", unit_sees), ("leader", leader_sees)):
        assert (shared_matter in as_role(role).get(reverse("matters"), asked).context["page"].rows) == sees, role


@pytest.mark.parametrize("role", ["analyst", "unit"])
def test_a_number_in_a_title_can_not_be_read_digit_by_digit(
    district: District, shared_matter: Matter, role: str
) -> None:
    title = "电梯困人请联系13812345678"
    Matter.objects.update(title=title)
    Case.objects.filter(lead_unit=district.water).update(title=title)

    def found(words: str) -> bool:
        return shared_matter in as_role(role).get(reverse("matters"), {"q": words}).context["page"].rows

    assert not [size for size in range(1, 12) if found("联系" + "13812345678"[:size])]
    assert found("电梯困人")
    Matter.objects.update(title="水岸国际3号楼电梯")
    Case.objects.filter(lead_unit=district.water).update(title="水岸国际3号楼电梯")
    assert found("3号楼") and found("国际3号")


def test_the_file_and_the_charge_tell_a_unit_no_more_than_the_board(district: District, shared_matter: Matter) -> None:
    listed = LISTS["matters"]
    [row] = listed.rows(district.people["unit"], {}, timezone.now())
    said = " ".join(str(column.read(row)) for column in listed.columns(True))
    assert "洲头街道" in said
    assert not [word for word in (*WORDS_OF_OTHERS, "电梯", district.street.name) if word in said]
    by = actions.By(district.people["supervisor"], NOW, shared_matter.version)
    actions.assign(by, shared_matter.pk, "请核实", unit_id=district.water.pk, account_id=None)
    notice = Notice.objects.get(unit=district.water, text__contains="请核实")
    assert shared_matter.number in notice.text
    assert "李某某" not in notice.text
    page = as_role("unit").get(reverse("matter", args=[shared_matter.pk]))
    assert [charge.words for charge in page.context["charges"]] == ["请核实"]


def test_a_unit_that_follows_is_told_of_its_own_new_cases_only(district: District, shared_matter: Matter) -> None:
    account = Account.objects.get(username="t-unit")
    actions.follow(district.people["unit"], shared_matter, True, NOW)
    actions.follow(district.people["analyst"], shared_matter, True, NOW)
    contact = Contact("赵六", "19900279999")
    intake = district.intake(text=TEXT, contact=contact, kind="complaint")
    accept_case(district.call("agent", timedelta(hours=2)), intake)
    join_new(NOW + timedelta(minutes=1))
    told = Notice.objects.filter(text__startswith="您关注的事项")
    assert [one.text for one in told] == ["您关注的事项“李某某家电梯困人”新增 1 件工单"]
    assert not told.filter(account=account).exists()


def test_pages_without_any_data_say_what_to_do(district: District) -> None:
    client = as_role("supervisor")
    assert "没有事项" in client.get(reverse("matters")).content.decode()
    assert "没有一人多次" in client.get(reverse("repeat-callers")).content.decode()
    assert client.get(reverse("matter", args=[1])).status_code == 404


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, True),
        ({"people": "3"}, True),
        ({"people": "4"}, False),
        ({"people": "x"}, False),
        ({"threat": "1"}, True),
        ({"organised": "1"}, True),
        ({"mine": "1"}, False),
        ({"state": "dispersed"}, False),
        ({"state": "all", "sort": "growth"}, True),
        ({"q": "电梯", "sort": "last"}, True),
        ({"q": "M00000"}, False),
        ({"street": "0"}, False),
        ({"growth": "3"}, True),
        ({"growth": "4"}, False),
        ({"unit": "abc"}, False),
        ({"after": "no-cursor"}, True),
    ],
)
def test_filters_stand_in_the_address(district: District, query: dict[str, str], shown: bool) -> None:
    matter = matter_of(district)
    answer = as_role("supervisor").get(reverse("matters"), query, follow=True)
    assert (matter in answer.context["page"].rows) == shown


def test_forms_change_the_matter_and_a_refused_one_keeps_what_was_typed(district: District) -> None:
    matter = matter_of(district)
    client = as_role("supervisor")
    change = reverse("matter-change", args=[matter.pk, "title"])
    assert client.post(change, {"title": "水岸国际电梯", "seen": 1}).status_code == 302
    refused = client.post(change, {"title": "晚到的名字", "seen": 1})
    assert refused.status_code == 422
    assert "晚到的名字" in refused.content.decode()
    wrong = client.post(reverse("matter-change", args=[matter.pk, "case"]), {"number": "HY999", "seen": 2})
    assert wrong.status_code == 422
    assert client.post(reverse("matter-change", args=[matter.pk, "nothing"]), {}).status_code == 404
    matter.refresh_from_db()
    assert (matter.title, matter.version) == ("水岸国际电梯", 2)


def test_picked_cases_are_taken_out_and_following_works(district: District) -> None:
    matter = matter_of(district, 4)
    client = as_role("analyst")
    picked = Membership.objects.filter(matter=matter).order_by("pk").values_list("case_id", flat=True)[0]
    client.post(reverse("matter-members", args=[matter.pk]), {"pick": picked, "do": "remove", "seen": 1})
    client.post(reverse("matter-follow", args=[matter.pk]), {"wanted": "1"})
    matter.refresh_from_db()
    assert matter.cases == 3
    assert matter.watches.count() == 1
    assert matter in client.get(reverse("matters"), {"mine": "1"}).context["page"].rows


def test_who_may_only_read_cannot_post(district: District) -> None:
    matter = matter_of(district)
    client = as_role("leader")
    assert client.post(reverse("matter-change", args=[matter.pk, "note"]), {"words": "x"}).status_code == 403
    assert client.post(reverse("matter-members", args=[matter.pk]), {"do": "remove"}).status_code == 403


def test_a_repeat_caller_is_shown_masked(district: District) -> None:
    matter_of(district, same_caller=True)
    find_repeats(NOW)
    said = as_role("supervisor").get(reverse("repeat-callers")).content.decode()
    assert "199****0000" in said
    assert "19900270000" not in said


def test_the_case_page_part_shows_the_matter_and_an_earlier_order_to_decide_on(district: District) -> None:
    matter = matter_of(district)
    first = Case.objects.order_by("pk")[0]
    text = f"上次反映的{first.number}没有人联系，请问进展。"
    asked = accept_case(district.call("agent", timedelta(hours=3)), district.intake(text=text))
    client = as_role("dispatcher")
    assert matter.number in client.get(reverse("matter-of-case", args=[first.number])).content.decode()
    part = client.get(reverse("matter-of-case", args=[asked.number]), headers={"HX-Request": "true"}).content.decode()
    assert "可能是追问" in part
    assert "<html" not in part
    decide = reverse("matter-follow-up", args=[asked.number])
    assert client.post(decide, {"earlier": first.number, "accepted": "1"}).status_code == 302
    again = client.get(reverse("matter-of-case", args=[asked.number])).content.decode()
    assert "可能是追问" not in again
    assert client.get(reverse("matter-of-case", args=["HY0"])).status_code == 404


def test_a_stranger_unit_does_not_learn_of_the_case(district: District) -> None:
    matter_of(district)
    first = Case.objects.order_by("pk")[0]
    stranger = log_in(make_account("unit", unit=make_unit()))
    assert stranger.get(reverse("matter-of-case", args=[first.number])).status_code == 404


def test_who_writes_for_one_street_learns_no_title_of_another(district: District, shared_matter: Matter) -> None:
    street = Area.objects.get(code="U99")
    account = make_account("dispatcher", area=street)
    page = log_in(account).get(reverse("matter", args=[shared_matter.pk])).content.decode()
    assert "改名" in page
    assert "李某某" not in page
    mine = Case.objects.get(lead_unit=district.water)
    other = Matter.objects.create(title="另一事", first_at=NOW, last_at=NOW, created_at=NOW, streets=[street.pk])
    with pytest.raises(Refused, match=shared_matter.number):
        actions.add_case(actions.By(actor_for(account), NOW, 1), other.pk, mine.number)


def test_the_audit_trail_holds_no_title_that_a_citizen_gave(district: District, shared_matter: Matter) -> None:
    by = actions.By(district.people["supervisor"], NOW, shared_matter.version)
    renamed = actions.retitle(by, shared_matter.pk, "电梯故障")
    other = Matter.objects.create(title="赵某某家漏水", first_at=NOW, last_at=NOW, created_at=NOW)
    actions.merge(actions.By(by.actor, NOW, renamed.version), shared_matter.pk, other.pk)
    trail = as_role("administrator").get(reverse("people:audit")).content.decode()
    assert "电梯故障" in trail and other.number in trail
    assert "李某某" not in trail and "赵某某" not in trail
    history = as_role("leader").get(reverse("matter", args=[shared_matter.pk])).content.decode()
    assert "李某某" in history and "赵某某" in history


def test_the_exported_list_is_the_boards_list(district: District) -> None:
    matter = matter_of(district)
    listed = LISTS["matters"]
    rows = list(listed.rows(district.people["supervisor"], {"people": "3"}, timezone.now()))
    assert rows == [matter]
    assert [column.read(matter_row) for matter_row in rows for column in listed.columns(False)][:2] == [
        matter.number,
        matter.title,
    ]
    assert not list(listed.rows(district.people["unit"], {}, timezone.now()))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"from": "2024-03-04", "days": "1"}, 3),
        ({"from": "2024-03-05", "days": "1"}, 0),
        ({"from": "2024-02-29", "days": "7"}, 3),
        ({"from": "2024-02-29", "days": "70"}, 0),
        ({"from": "nonsense"}, 0),
        ({"from": "9999-12-31", "days": "7"}, 0),
    ],
)
def test_a_column_of_the_timeline_leads_to_its_cases(district: District, query: dict[str, str], count: int) -> None:
    matter = matter_of(district)
    Membership.objects.update(accepted_at="2024-03-04T04:00:00Z")
    page = as_role("leader").get(reverse("matter", args=[matter.pk]), query)
    assert len(page.context["members"]) == count
    assert "?from=2024-03-04&amp;days=1#members" in page.content.decode()


def test_cases_with_coordinates_are_on_the_map_and_others_cases_are_not(district: District) -> None:
    matter = matter_of(district)
    page = as_role("leader").get(reverse("matter", args=[matter.pk]))
    assert page.context["shape"].spots is None
    assert sum(count for _, count, _ in page.context["shape"].streets) == 3
    first, second = Membership.objects.order_by("pk")[:2]
    Statement.objects.filter(case__in=(first.case_id, second.case_id)).update(lat=30.55, lon=114.2)
    said = as_role("leader").get(reverse("matter", args=[matter.pk])).content.decode()
    assert said.count("<circle") == 2
    Case.objects.filter(pk=first.case_id).update(lead_unit=district.water)
    assert as_role("unit").get(reverse("matter", args=[matter.pk])).content.decode().count("<circle") == 1


def test_what_one_is_charged_with_is_found_until_it_is_done(district: District) -> None:
    matter = matter_of(district)
    client, query = as_role("analyst"), {"mine": "charged"}
    assert client.get(reverse("matters"), query).context["page"].rows == []
    account = Account.objects.get(username="t-analyst")
    by = actions.By(district.people["supervisor"], NOW, matter.version)
    actions.assign(by, matter.pk, "请核实", unit_id=None, account_id=account.pk)
    assert client.get(reverse("matters"), query).context["page"].rows == [matter]
    assert as_role("leader").get(reverse("matters"), query).context["page"].rows == []
    actions.finish_charge(district.people["analyst"], Charge.objects.get().pk, "已核实", NOW)
    assert client.get(reverse("matters"), query).context["page"].rows == []


def test_the_board_shows_streets_and_when_matters_began_to_who_sees_all(district: District) -> None:
    matter = matter_of(district)
    spread = as_role("leader").get(reverse("matters")).context["spread"]
    assert [count for _, count, _ in spread.streets if count] == [1]
    Matter.objects.filter(pk=matter.pk).update(first_at=timezone.now(), last_at=timezone.now())
    spread = as_role("leader").get(reverse("matters")).context["spread"]
    assert [count for _, count, _ in spread.begun] == [1]
    assert as_role("unit").get(reverse("matters")).context["spread"] is None
