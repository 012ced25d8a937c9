"""Changing the deadline table while cases run: nothing is overwritten, what runs keeps its time, what starts follows."""

from datetime import timedelta

import pytest
from django.db import transaction

from qushu.cases import actions as moves
from qushu.cases.codes import actions
from qushu.cases.codes.actions import RuleFacts
from qushu.cases.codes.actions.clock_rules import facts_of
from qushu.cases.codes.queries.clock_rules import Asked, ask_table, clock_tables
from qushu.cases.models import Clock, ClockRule
from qushu.cases.rulebook import rulebook
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.people.audit import change_words
from qushu.people.models import AuditEntry, Role

from .codes import as_administrator
from .district import MONDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def admin(district):
    return district.people["administrator"]


@pytest.fixture
def browser(district):
    return as_administrator()


def resolve_rule(kind: str = "help", urgency: str = "general") -> ClockRule:
    return ClockRule.objects.get(clock="resolve", kind=kind, urgency=urgency, effective_to__isnull=True)


def with_amount(rule: ClockRule, amount: int) -> RuleFacts:
    return RuleFacts(
        rule.clock, amount, rule.measure, rule.kind, rule.urgency, rule.category, rule.channel, rule.source
    )


def dispatched(district, after: timedelta = timedelta()):
    case = moves.accept_case(district.call("agent", after), district.intake())
    call = district.call("agent", after)
    moves.register_case(call, case.pk, district.category.pk, district.community.pk, "help", "general")
    return moves.dispatch_case(district.call("dispatcher", after), case.pk, district.water.pk, [], "请办理")


def asked(**facts) -> Asked:
    return Asked(
        **(
            {
                "clock": "resolve",
                "kind": "help",
                "urgency": "general",
                "category": None,
                "channel": None,
                "start": MONDAY,
            }
            | facts
        )
    )


def order(clock: str = "resolve") -> list[int]:
    rows = ClockRule.objects.filter(clock=clock, effective_to__isnull=True).order_by("priority", "id")
    return [row.pk for row in rows]


def test_a_clock_that_runs_keeps_its_time_and_the_next_one_follows_the_change(district, admin):
    running = Clock.objects.get(case=dispatched(district), name="resolve")
    due, rule = running.due_at, running.rule
    new = actions.change_rule(admin, rule.pk, with_amount(rule, 3), None, MONDAY + DAY, "缩短")
    running.refresh_from_db()
    assert (running.due_at, running.rule_id, running.amount) == (due, rule.pk, 5)
    later = Clock.objects.get(case=dispatched(district, DAY), name="resolve")
    assert (later.rule_id, later.amount) == (new.pk, 3)


def test_a_change_ends_the_old_line_and_puts_another_in_its_place(district, admin):
    rule = resolve_rule()
    places = order()
    new = actions.change_rule(admin, rule.pk, with_amount(rule, 3), None, MONDAY)
    rule.refresh_from_db()
    assert (rule.effective_to, new.effective_from, new.replaces_id, rule.amount) == (MONDAY, MONDAY, rule.pk, 5)
    assert order() == [new.pk if pk == rule.pk else pk for pk in places]


def test_a_change_may_count_from_a_moment_to_come(district, admin):
    rule = resolve_rule()
    new = actions.change_rule(admin, rule.pk, with_amount(rule, 3), MONDAY + 2 * DAY, MONDAY)
    answers = [ask_table(asked(start=MONDAY + n * DAY), rulebook()).winner.pk for n in (0, 1, 2, 3)]
    assert answers == [rule.pk, rule.pk, new.pk, new.pk]


def test_the_table_is_as_it_was_when_one_asks_about_a_past_moment(district, admin):
    first = resolve_rule()
    second = actions.change_rule(admin, first.pk, with_amount(first, 3), None, MONDAY + DAY)
    moved = actions.move_rule(admin, second.pk, None, None, MONDAY + 2 * DAY)
    winners = [ask_table(asked(start=MONDAY + n * DAY), rulebook()).winner.pk for n in (0, 1, 2)]
    assert winners == [first.pk, second.pk, moved.pk]


@pytest.mark.parametrize("verb", ["add", "change", "move", "end", "withdraw"])
@pytest.mark.parametrize("role", [role for role in Role.values if role != "administrator"])
def test_nobody_else_may_change_the_table(district, role, verb):
    rule, person = resolve_rule(), district.people[role]
    facts = with_amount(rule, 9)
    verbs = {
        "add": lambda: actions.add_rule(person, facts, None, None, MONDAY),
        "change": lambda: actions.change_rule(person, rule.pk, facts, None, MONDAY),
        "move": lambda: actions.move_rule(person, rule.pk, None, None, MONDAY),
        "end": lambda: actions.end_rule(person, rule.pk, None, MONDAY),
        "withdraw": lambda: actions.withdraw_rule(person, rule.pk, MONDAY),
    }
    before = list(ClockRule.objects.values())
    with pytest.raises(Forbidden):
        verbs[verb]()
    assert list(ClockRule.objects.values()) == before
    assert not AuditEntry.objects.exists()


def test_every_change_is_audited_with_before_and_after_and_told_to_the_rulebook(district, admin):
    rule, known = resolve_rule(), rulebook()
    new = actions.change_rule(admin, rule.pk, with_amount(rule, 3), None, MONDAY, "区长要求")
    entry = AuditEntry.objects.get(action="rule.changed")
    assert (entry.subject, entry.reason, entry.account_id) == (f"rule:{new.pk}", "区长要求", admin.account_id)
    assert "时长：5 个工作日 → 3 个工作日" in change_words(entry.data)
    books = [known, rulebook()]
    actions.move_rule(admin, new.pk, None, None, MONDAY)
    books.append(rulebook())
    actions.end_rule(admin, resolve_rule("report").pk, None, MONDAY)
    books.append(rulebook())
    actions.add_rule(admin, RuleFacts("contact", 4, "natural_minutes"), None, None, MONDAY)
    books.append(rulebook())
    assert len({id(book) for book in books}) == 5
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "rule.changed",
        "rule.moved",
        "rule.ended",
        "rule.added",
    }


def test_a_line_is_moved_in_front_of_another(district, admin):
    places = order()
    moved = actions.move_rule(admin, places[5], places[1], None, MONDAY)
    assert order() == [places[0], moved.pk, *places[1:5], *places[6:]]
    last = actions.move_rule(admin, places[0], None, None, MONDAY)
    assert order()[-1] == last.pk


def test_lines_are_put_between_neighbours_without_a_free_number(district, admin):
    places = order()
    expected = list(places)
    for number in range(8):
        new = actions.add_rule(admin, RuleFacts("resolve", number + 1, "working_days"), places[3], None, MONDAY)
        expected.insert(expected.index(places[3]), new.pk)
        assert order() == expected
    first = actions.add_rule(admin, RuleFacts("dispatch", 5, "natural_minutes"), order("dispatch")[0], None, MONDAY)
    again = actions.add_rule(admin, RuleFacts("dispatch", 6, "natural_minutes"), first.pk, None, MONDAY)
    assert order("dispatch")[:2] == [again.pk, first.pk]


def test_changing_lines_that_share_a_number_keeps_their_order(district, admin):
    ClockRule.objects.filter(clock="resolve").update(priority=130)
    places = order()
    new = actions.change_rule(admin, places[2], with_amount(ClockRule.objects.get(pk=places[2]), 7), None, MONDAY)
    assert order() == [*places[:2], new.pk, *places[3:]]


def test_a_past_moment_the_same_words_and_an_ended_line_are_refused(district, admin):
    rule = resolve_rule()
    for since, facts in ((MONDAY - DAY, with_amount(rule, 3)), (None, facts_of(rule))):
        with pytest.raises(Refused):
            actions.change_rule(admin, rule.pk, facts, since, MONDAY)
    actions.end_rule(admin, rule.pk, None, MONDAY)
    with pytest.raises(Refused, match="已停用"):
        actions.change_rule(admin, rule.pk, with_amount(rule, 3), None, MONDAY)
    with pytest.raises(Missing):
        actions.end_rule(admin, 0, None, MONDAY)


def test_a_minute_that_passed_while_typing_means_now(district, admin):
    rule = resolve_rule()
    new = actions.change_rule(admin, rule.pk, with_amount(rule, 3), MONDAY - timedelta(minutes=2), MONDAY)
    assert new.effective_from == MONDAY


@pytest.mark.parametrize(
    "changes",
    [{"amount": 0}, {"amount": 400}, {"measure": "weeks"}, {"clock": "lunch"}],
)
def test_a_line_that_makes_no_sense_is_refused(district, admin, changes):
    facts = RuleFacts(**({"clock": "resolve", "amount": 1, "measure": "working_days"} | changes))
    count = ClockRule.objects.count()
    with pytest.raises(Refused):
        actions.add_rule(admin, facts, None, None, MONDAY)
    assert ClockRule.objects.count() == count


def test_a_planned_change_is_withdrawn_and_the_old_line_goes_on(district, admin):
    rule = resolve_rule()
    new = actions.change_rule(admin, rule.pk, with_amount(rule, 3), MONDAY + DAY, MONDAY)
    actions.withdraw_rule(admin, new.pk, MONDAY)
    rule.refresh_from_db()
    assert rule.effective_to is None
    assert ask_table(asked(start=MONDAY + 5 * DAY), rulebook()).winner.pk == rule.pk


def test_a_planned_end_is_withdrawn_and_what_counts_is_not(district, admin):
    rule = resolve_rule()
    with pytest.raises(Refused, match="已经生效"):
        actions.withdraw_rule(admin, rule.pk, MONDAY)
    actions.end_rule(admin, rule.pk, MONDAY + DAY, MONDAY)
    actions.withdraw_rule(admin, rule.pk, MONDAY)
    rule.refresh_from_db()
    assert rule.effective_to is None


def test_an_end_that_has_a_successor_is_withdrawn_with_that_one(district, admin):
    rule = resolve_rule()
    actions.change_rule(admin, rule.pk, with_amount(rule, 3), MONDAY + DAY, MONDAY)
    with pytest.raises(Refused, match="接替"):
        actions.withdraw_rule(admin, rule.pk, MONDAY)


def test_a_refused_change_leaves_nothing(district, admin):
    rule = resolve_rule()
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.change_rule(admin, rule.pk, with_amount(rule, 3), None, MONDAY)
        raise RuntimeError
    rule.refresh_from_db()
    assert rule.effective_to is None
    assert ask_table(asked(), rulebook()).winner.pk == rule.pk


def table(code: str, now=MONDAY):
    return next(one for one in clock_tables(rulebook(), now) if one.code == code)


def test_the_seeded_table_has_no_holes_but_no_last_line_either(district):
    for one in clock_tables(rulebook(), MONDAY):
        assert one.holes == [] and not one.has_last_line
        assert [line.hidden_by for line in one.lines] == [[]] * len(one.lines)


def test_a_hidden_line_and_a_hole_are_shown(district, admin):
    everything = actions.add_rule(admin, RuleFacts("contact", 60, "natural_minutes"), order("contact")[0], None, MONDAY)
    contact = table("contact")
    assert [line.hidden_by for line in contact.lines] == [[], *[[everything.pk]] * 4]
    assert contact.has_last_line
    actions.end_rule(admin, resolve_rule("report").pk, None, MONDAY)
    assert table("resolve").holes == ["举报·一般"]


def test_a_trial_names_the_winner_the_passed_lines_and_the_days(district):
    answer = ask_table(asked(kind="complaint"), rulebook())
    assert answer.winner.pk == resolve_rule("complaint").pk
    whys = {one.row.pk: one.why for one in answer.passed}
    assert whys[ClockRule.objects.get(clock="resolve", urgency="urgent").pk] == "只管紧急"
    assert whys[resolve_rule("help", "hard").pk] == "只管求助，只管疑难"
    assert answer.lines[-1].startswith("到期") and answer.due == MONDAY + 7 * DAY + timedelta(hours=8.5)


def test_a_trial_explains_the_holidays_by_name(district):
    answer = ask_table(asked(start=MONDAY.replace(month=9, day=30)), rulebook())
    assert any("国庆节" in line for line in answer.lines)


def test_a_trial_says_when_no_line_is_about_the_case_and_which_do_not_count_yet(district, admin):
    rule = resolve_rule()
    actions.end_rule(admin, rule.pk, None, MONDAY)
    actions.add_rule(admin, facts_of(rule), None, MONDAY + DAY, MONDAY)
    answer = ask_table(asked(), rulebook())
    assert answer.winner is None and answer.due is None
    assert {"那时已经停用", "那时还没有生效"} <= {one.why for one in answer.passed}


def test_the_pages_change_place_end_and_withdraw_a_line(district, browser):
    rule = resolve_rule()
    page = f"/admin/clocks/rules/{rule.pk}/"
    said = {
        "verb": "change",
        "kind": "help",
        "urgency": "general",
        "amount": "4",
        "measure": "working_days",
        "since": "2099-01-01T00:00",
    }
    assert browser.post(page, said).status_code == 302
    new = ClockRule.objects.get(replaces=rule)
    assert (new.amount, new.effective_from.year) == (4, 2098)  # midnight in Shanghai is still the year before in UTC
    listed = browser.get("/admin/clocks/").content.decode()
    assert "待生效" in listed and "将停用" in listed
    assert browser.post(f"/admin/clocks/rules/{new.pk}/", {"verb": "withdraw"}).status_code == 302
    assert browser.post(page, {"verb": "move", "before": ""}).status_code == 422
    assert browser.post(page, {"verb": "move", "before": "last"}).status_code == 302
    moved = ClockRule.objects.get(replaces=rule, effective_to__isnull=True)
    assert browser.post(f"/admin/clocks/rules/{moved.pk}/", {"verb": "end", "reason": "不再需要"}).status_code == 302
    assert str(moved.pk) in browser.get("/admin/clocks/past/").content.decode()


def test_a_refused_form_keeps_what_was_typed(district, browser):
    rule = resolve_rule()
    said = {
        "verb": "change",
        "amount": "4",
        "measure": "working_days",
        "since": "2001-01-01T00:00",
        "reason": "我的原因",
    }
    answer = browser.post(f"/admin/clocks/rules/{rule.pk}/", said)
    assert answer.status_code == 422
    assert "已经过去" in answer.content.decode() and "我的原因" in answer.content.decode()


def test_the_trial_page_answers_from_its_address(district, browser):
    query = {"clock": "resolve", "kind": "complaint", "urgency": "general", "start": "2024-03-04T09:00"}
    words = browser.get("/admin/clocks/trial/", query).content.decode()
    assert "2024-03-11 17:30" in words and "前面的规则为什么不算" in words
    assert browser.get("/admin/clocks/trial/", query | {"start": "never"}).status_code == 422


def test_a_line_is_added_on_the_page(district, browser):
    said = {"clock": "contact", "amount": "90", "measure": "natural_minutes", "before": str(order("contact")[0])}
    assert browser.post("/admin/clocks/rules/new/?clock=contact", said).status_code == 302
    assert ClockRule.objects.get(pk=order("contact")[0]).amount == 90
