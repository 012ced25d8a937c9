"""The cockpit says what the rooms say, opens what stands behind every number, and shows nobody more than they may see."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from qushu.cases.models import Case
from qushu.cases.overdue import overdue
from qushu.cases.tests.district import District
from qushu.hotline.work.queries import board
from qushu.insight.warnings.models import Level, Warning
from qushu.ledger.indicators.actions import entrust, propose_binding
from qushu.ledger.models import Posting, Target
from qushu.people.access import Actor, GrantValue, matrix
from qushu.people.agenda import Rank, Source, Task, tasks_for
from qushu.people.models import Account, Role
from qushu.people.tests.staff import log_in

from ..money import money_of
from ..promises import tree_of
from .year import ACCEPTED, SURGE, Year, make_warning

LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
ROWS = {
    "case-list",
    "case-page",
    "cut-rows",
    "supervision",
    "warning",
    "matter",
    "target",
    "budget-project",
    "book",
    "review-queue",
}
"""Pages that show rows, or what a person has said with the evidence."""


def links(page: str) -> list[str]:
    return list(dict.fromkeys(unescape(one) for one in LINK.findall(page)))


def name_of(address: str) -> str:
    return resolve(urlsplit(address).path).url_name or ""


def main(page: str) -> str:
    """The screen without its head."""
    return page.partition("</header>")[2]


def test_every_number_opens_its_rows_in_at_most_two_clicks(year: Year) -> None:
    client = year.client()
    first = links(main(year.page()))
    assert len(first) > 30
    for address in first:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if name_of(address) in ROWS:
            continue
        reached = {name_of(one) for one in links(answer.content.decode()) if one.startswith("/")}
        assert reached & ROWS, address


def test_what_is_late_is_what_the_board_says(year: Year) -> None:
    leader, now = year.district.people["leader"], timezone.now()
    assert board(leader, "late", now).count() == Case.objects.filter(overdue(now)).count()
    page = year.page()
    number = board(leader, "late", now).count()
    assert number
    assert f'href="{reverse("supervision")}?tab=late"><strong>{number}</strong>' in page


def test_the_tree_holds_every_annual_target_once(year: Year) -> None:
    tree = tree_of(year.document, {}, timezone.now().year, timezone.now())
    leaves = [leaf.known.target.pk for branch in tree.branches for leaf in branch.leaves]
    assert sorted(leaves) == sorted(
        Target.objects.filter(document=year.document, scope="annual").values_list("pk", flat=True)
    )
    assert tree.total == len(leaves) == sum(one.number for one in tree.counts)
    assert tree.branches[0].name == "部门整体"


def test_a_leaf_has_colour_trend_and_proof(year: Year) -> None:
    tree = tree_of(year.document, {}, timezone.now().year, timezone.now())
    by_name = {leaf.known.target.pk: leaf for branch in tree.branches for leaf in branch.leaves}
    leaf = by_name[year.accepted.pk]
    assert (leaf.colour, leaf.known.source) == ("late", "measured")
    assert leaf.known.trend in ("up", "flat") and leaf.arrow
    assert "可能完不成" in leaf.words and "系统测得" in leaf.words
    assert leaf.known.rows_address.startswith("/cases/")
    stated = [one for one in by_name.values() if one.known.source == "stated"]
    assert [one.colour for one in stated] == ["good"]
    assert all(one.colour == "none" for one in by_name.values() if one.known.source == "none")


def test_a_value_that_is_out_of_date_says_its_age(year: Year) -> None:
    now = timezone.now()
    later = now + timedelta(hours=2)
    if timezone.localdate(later).year != timezone.localdate(now).year:
        pytest.skip("values of past years don't age")

    def words(at: datetime) -> str:
        tree = tree_of(year.document, {}, at.year, at)
        leaves = {leaf.known.target.pk: leaf for branch in tree.branches for leaf in branch.leaves}
        assert tree.stale == any("leaf-stale" in branch.fields for branch in tree.branches)
        return leaves[year.accepted.pk].words

    entrust(year.district.people["administrator"], "hotline.accepted", None, 1, now)
    assert "前的值" not in words(now)
    assert words(later).endswith("；2 小时前的值")


def test_counts_by_colour_open_as_many_targets(year: Year) -> None:
    now = timezone.now()
    tree, client = tree_of(year.document, {}, now.year, now), year.client()
    counts = tree.counts + [one for branch in tree.branches for one in branch.counts] + [tree.measured]
    assert {one.light for one in tree.counts} == {"late", "good", "none"}
    for one in counts:
        rows = re.findall(r'<tr data-href="/ledger/targets/\d+/', client.get(one.href).content.decode())
        assert len(rows) == one.number, one.href


def test_money_is_what_the_books_say(year: Year) -> None:
    money = money_of(year.document, timezone.now().date())
    assert money is not None
    paid = sum(one.amount for one in Posting.objects.filter(side="paid"))
    assert money.execution.balance.paid == paid > 0
    assert {name: amount * 10_000 for name, amount, _ in money.months}["3 月"] == paid
    assert abs(sum(money.shares.values()) - 100) <= 1
    assert sum(share > 0 for share in money.by_project.values()) == 1


def test_tasks_stand_in_the_order_a_leader_takes_them(year: Year) -> None:
    tasks = tasks_for(year.district.people["leader"], timezone.now())
    assert [task.rank for task in tasks] == sorted(task.rank for task in tasks)
    found = {task.rank: task for task in tasks}
    assert found[Rank.danger].why == SURGE
    assert found[Rank.escalated].count == 1
    assert ACCEPTED in found[Rank.promise].why
    page = year.page()
    assert page.index("确认红色预警") < page.index("过问提级到领导的件") < page.index("过问可能完不成的指标")


def test_what_is_done_waits_no_more(year: Year) -> None:
    Warning.objects.update(state=Warning.State.acknowledged)
    Case.objects.filter(pk=year.case.pk).update(closed_at=timezone.now())
    ranks = {task.rank for task in tasks_for(year.district.people["leader"], timezone.now())}
    assert Rank.danger not in ranks and Rank.escalated not in ranks


def test_an_escalated_case_waits_for_leaders_only(year: Year) -> None:
    tasks = tasks_for(year.district.people["supervisor"], timezone.now())
    assert Rank.escalated not in {task.rank for task in tasks}


def test_a_binding_waits_for_somebody_else_than_who_proposed_it(year: Year) -> None:
    people, now = year.district.people, timezone.now()
    other = Target.objects.filter(document=year.document, unit="%", scope="annual").first()
    assert other is not None
    propose_binding(people["analyst"], other.pk, "hotline.satisfaction", now)
    waiting = {role: [t for t in tasks_for(people[role], now) if "绑定" in t.words] for role in ("analyst", "leader")}
    assert not waiting["analyst"]
    (task,) = waiting["leader"]
    assert task.count == 1 and task.why == other.name
    assert f"/ledger/targets/{other.pk}/" in year.client().get(task.href).content.decode()


@pytest.mark.parametrize("level", list(Level))
def test_a_warning_opens_the_list_of_its_level(district: District, level: Level) -> None:
    make_warning(timezone.now(), level)
    (task,) = tasks_for(district.people["leader"], timezone.now())
    assert (task.count, task.why) == (1, SURGE)
    assert (task.rank == Rank.danger) == (level in (Level.red, Level.orange))
    assert SURGE in log_in(Account.objects.get(username="t-leader")).get(task.href).content.decode()


def test_only_those_whom_the_matrix_names_open_it(district: District) -> None:
    for role in Role.values:
        status = log_in(Account.objects.get(username=f"t-{role}")).get("/cockpit/").status_code
        assert status == (200 if matrix()["cockpit.read"][role] == "all" else 403), role


def test_what_a_person_may_not_read_is_not_there(year: Year) -> None:
    page = year.page("analyst")
    assert matrix()["supervision.use"]["analyst"] == "-"
    assert "什么晚了" not in page and reverse("supervision") not in page
    assert "今年的承诺" in page and "群众在说什么" in page


def test_it_fetches_its_middle_anew(year: Year) -> None:
    part = year.client().get("/cockpit/", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith("<main") and "<html" not in part
    assert 'hx-trigger="every 30s"' in part


def test_an_empty_house_says_what_to_do_first(district: District) -> None:
    client = log_in(Account.objects.get(username="t-leader"))
    page = client.get("/cockpit/").content.decode()
    assert "没有等您处理的事" in page and "到预算页导入" in page and "没有超期的件" in page


def test_no_inline_style_or_script(year: Year) -> None:
    page = year.page()
    assert "style=" not in page and not re.search(r"<script(?![^>]*src=)", page)


def test_a_visitor_is_led_to_the_login_page(db: Any) -> None:
    assert Client().get("/cockpit/")["Location"].startswith("/login/")


def test_tasks_of_a_rank_stand_by_their_date_then_as_said(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    later, sooner = now + timedelta(days=2), now + timedelta(days=1)
    said = [
        Task(Rank.answer, "b", 1, "件", "", "/", due_at=later),
        Task(Rank.answer, "a", 1, "件", "", "/", due_at=sooner),
        Task(Rank.answer, "c", 9, "件", "", "/"),
        Task(Rank.answer, "d", 99, "件", "", "/"),
        Task(Rank.danger, "none waits", 0, "件", "", "/"),
    ]
    monkeypatch.setattr("qushu.people.agenda.SOURCES", {"t": Source("t", "cockpit.read", lambda *_: iter(said))})
    leader = Actor("领导", (GrantValue("leader"),))
    assert [task.words for task in tasks_for(leader, now)] == ["a", "b", "c", "d"]
    assert tasks_for(Actor("坐席", (GrantValue("agent"),)), now) == []
