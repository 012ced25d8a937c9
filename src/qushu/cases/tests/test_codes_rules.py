"""Reading the deadline table: which line never can win, what has no line, why a line isn't the one."""

from datetime import UTC, datetime, timedelta

from qushu.cases.codes.rules import Domain, Point, code_fault, differences, has_last_line, hidden_by, holes
from qushu.kernel.clocks import ClockRule, Measure

NOW = datetime(2026, 3, 4, 4, tzinfo=UTC)
BEFORE, LATER = NOW - timedelta(days=1), NOW + timedelta(days=30)
DOMAIN = Domain(("help", "complaint", "report"), ("urgent", "general"))


def line(number: int, **limits: object) -> ClockRule:
    facts = {"clock": "resolve", "amount": 1, "measure": Measure.working_days, "effective_from": BEFORE} | limits
    return ClockRule(id=number, priority=number * 10, **facts)  # type: ignore[arg-type]


def hiding(rule: ClockRule, *earlier: ClockRule) -> list[int]:
    return [one.id for one in hidden_by(rule, [*earlier, rule], DOMAIN, NOW)]


def test_a_line_below_one_about_everything_never_wins():
    assert hiding(line(2, kind="help"), line(1)) == [1]


def test_a_wider_line_below_a_narrower_one_may_win():
    assert hiding(line(2), line(1, kind="help")) == []


def test_several_lines_together_leave_nothing():
    assert hiding(line(3), line(1, urgency="urgent"), line(2, urgency="general")) == [1, 2]
    assert hiding(line(4, kind="help"), *(line(n, kind=kind) for n, kind in enumerate(DOMAIN.kinds, 1))) == [1]


def test_lines_of_other_clocks_hide_nothing():
    assert hiding(line(2), line(1, clock="dispatch")) == []


def test_a_category_within_another_is_hidden_and_the_wider_one_is_not():
    wide, narrow = frozenset({1, 2, 3}), frozenset({2})
    assert hiding(line(2, category_ids=narrow), line(1, category_ids=wide)) == [1]
    assert hiding(line(2, category_ids=wide), line(1, category_ids=narrow)) == []
    assert hiding(line(2), line(1, category_ids=wide)) == []


def test_no_number_of_channels_hides_a_line_about_all_of_them():
    assert hiding(line(3), line(1, channel="12345"), line(2, channel="mailbox")) == []
    assert hiding(line(2, channel="12345"), line(1, kind="help")) == []


def test_a_line_is_not_hidden_by_one_that_ends_while_it_counts():
    assert hiding(line(2), line(1, effective_to=LATER)) == []
    assert hiding(line(2, effective_to=LATER), line(1, effective_to=LATER)) == [1]
    assert hiding(line(2), line(1, effective_to=BEFORE)) == []


def test_a_line_that_begins_later_is_judged_at_its_beginning():
    assert hiding(line(2, effective_from=LATER), line(1, effective_to=LATER)) == []
    assert hiding(line(2, effective_from=LATER), line(1)) == [1]
    assert hiding(line(2), line(1, effective_from=LATER)) == []


def test_the_hiding_may_pass_from_one_line_to_the_next():
    first, second = line(1, effective_to=LATER), line(2, effective_from=LATER)
    assert hiding(line(3), first, second) == [1, 2]


def test_cases_without_a_line_are_named():
    lines = [line(1, urgency="urgent"), line(2, kind="help")]
    without = holes("resolve", lines, DOMAIN, NOW)
    assert {(point.kind, point.urgency) for point in without} == {("complaint", "general")}
    assert holes("resolve", [*lines, line(3)], DOMAIN, NOW) == []
    assert holes("dispatch", lines, DOMAIN, NOW) != []


def test_a_line_that_does_not_count_yet_fills_no_hole():
    assert holes("resolve", [line(1, effective_from=LATER)], DOMAIN, NOW) != []
    assert holes("resolve", [line(1, effective_from=LATER)], DOMAIN, LATER) == []


def test_only_a_line_without_limits_is_a_last_line():
    assert has_last_line("resolve", [line(1)], NOW)
    assert not has_last_line("resolve", [line(1, kind="help")], NOW)
    assert not has_last_line("resolve", [line(1, effective_to=BEFORE)], NOW)
    assert not has_last_line("resolve", [line(1, clock="contact")], NOW)


def test_what_of_a_case_a_line_is_not_about():
    point = Point("help", "urgent", 5, "12345")
    assert differences(line(1), point) == []
    other = line(1, kind="report", urgency="general", category_ids=frozenset({4}), channel="mailbox")
    assert differences(other, point) == ["kind", "urgency", "category", "channel"]
    assert differences(line(1, category_ids=frozenset({4})), Point("help", "urgent", None, None)) == ["category"]


def test_codes_are_short_and_plain():
    assert code_fault("0101", 30) == ""
    for wrong in ("", " a", "中文", "a b", "-a", "x" * 31):
        assert code_fault(wrong, 30)
