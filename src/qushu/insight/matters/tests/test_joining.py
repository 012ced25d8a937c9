"""The rules of joining, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qushu.insight.matters.joining import (
    Limits,
    Told,
    best_matter,
    body_of,
    gather,
    keys_of,
    likeness,
    reason_of,
    signed,
    spot_of,
)
from qushu.insight.matters.pool import Pool
from qushu.insight.matters.repeating import same_things
from qushu.insight.matters.wording import same_words

START = datetime(2024, 3, 4, tzinfo=UTC)
LIMITS = Limits(people=3, join=0.5, days=60)


def told(number: int, words: dict[str, float], **changes: object) -> Told:
    length = sum(weight * weight for weight in words.values()) ** 0.5
    facts = {"street_id": 1, "area_id": 11, "category_id": 5}
    return Told(
        number,
        changes.pop("at", START + timedelta(hours=number)),  # type: ignore[arg-type]
        changes.pop("person", b"%d" % number),  # type: ignore[arg-type]
        **(facts | changes),  # type: ignore[arg-type]
        vector={word: weight / length for word, weight in words.items()},
    )


LIFT = {"水岸国际": 3.0, "电梯": 2.0, "故障": 1.0}


def test_three_people_who_say_the_same_make_a_matter_and_two_do_not() -> None:
    first, second, third = (told(number, LIFT) for number in (1, 2, 3))
    assert gather(second, [first], LIMITS) == []
    assert {one.case_id for one in gather(third, [first, second], LIMITS)} == {1, 2, 3}


def test_one_person_who_calls_three_times_is_no_matter() -> None:
    calls = [told(number, LIFT, person=b"same") for number in (1, 2, 3)]
    assert gather(calls[2], calls[:2], LIMITS) == []


def test_numbers_that_are_not_known_do_not_count_as_people() -> None:
    calls = [told(number, LIFT, person=None) for number in (1, 2, 3, 4)]
    assert gather(calls[3], calls[:3], LIMITS) == []


def test_a_case_like_one_member_only_does_not_chain_into_the_matter() -> None:
    body = body_of(
        1, [*(told(number, {"甲": 1.0, "乙": 1.0}) for number in range(1, 5)), told(5, {"乙": 1.0, "丙": 1.0})]
    )
    assert best_matter(told(6, {"丙": 1.0, "丁": 1.0}), [body], LIMITS) is None
    assert best_matter(told(7, {"甲": 1.0, "乙": 1.0}), [body], LIMITS) is not None


def test_the_same_words_elsewhere_count_less_than_here() -> None:
    body = body_of(1, [told(1, LIFT)])
    here, same_street, elsewhere = (
        told(2, LIFT),
        told(3, LIFT, area_id=12),
        told(4, LIFT, area_id=99, street_id=9),
    )
    assert likeness(here, body) > likeness(same_street, body) > likeness(elsewhere, body)


def test_the_same_words_of_another_spot_of_the_community_count_less() -> None:
    body = body_of(1, [told(1, LIFT, spot="水岸国际")])
    here, unknown, other = told(2, LIFT, spot="水岸国际"), told(3, LIFT), told(4, LIFT, spot="丹枫泽里")
    assert likeness(here, body) == likeness(unknown, body) > likeness(other, body)


def test_a_spot_is_what_a_place_names_without_its_areas_and_its_house() -> None:
    areas = ("永丰街道", "四台社区")
    assert spot_of("永丰街道四台社区水岸国际3栋2单元", areas) == "水岸国际"
    assert spot_of("永丰街道四台路93号胖嫂火锅店", areas) == "四台路93号胖嫂火锅店"
    assert spot_of("水岸国际门口") == "水岸国际"
    assert spot_of("永丰街道四台社区", areas) == ""


def test_a_matter_from_which_a_person_took_the_case_is_not_joined_again() -> None:
    body = body_of(7, [told(number, LIFT) for number in (1, 2, 3)])
    assert best_matter(told(4, LIFT), [body], LIMITS, frozenset({7})) is None


def test_the_reason_names_the_shared_words_and_the_place() -> None:
    joined = best_matter(told(4, LIFT), [body_of(7, [told(1, LIFT)])], LIMITS)
    assert joined is not None
    assert joined.reason == "都提到“水岸国际”、“电梯”、“故障”，同一社区"


def test_a_case_long_after_the_last_one_begins_anew() -> None:
    body = body_of(7, [told(1, LIFT)])
    assert best_matter(told(2, LIFT, at=START + timedelta(days=90)), [body], LIMITS) is None


@given(
    st.lists(st.tuples(st.sampled_from("甲乙丙丁戊"), st.sampled_from("甲乙丙丁戊"), st.integers(1, 4)), max_size=40)
)
def test_every_case_is_in_one_matter_at_most_and_each_matter_begins_with_enough_people(
    cases: list[tuple[str, str, int]],
) -> None:
    pool = Pool(LIMITS, [], {})
    seen: dict[int, int] = {}
    people: dict[int, set[bytes | None]] = {}
    for number, (one, other, person) in enumerate(cases):
        for member in pool.take(told(number, {one: 1.0, other + "区": 1.0}, person=b"%d" % person)):
            assert member.told.case_id not in seen
            seen[member.told.case_id] = member.key
            people.setdefault(member.key, set()).add(member.told.person)
    assert all(len(found) >= LIMITS.people for found in people.values())
    assert len(seen) + len(pool.alone) == len(cases)


@given(st.sets(st.integers(0, 9), max_size=5))
def test_the_pool_never_puts_a_case_where_a_person_took_it_from(removed: set[int]) -> None:
    ready = body_of(7, [told(number, LIFT) for number in (100, 101, 102)])
    pool = Pool(LIMITS, [ready], {number: frozenset({7}) for number in removed})
    joined = {
        member.told.case_id for number in range(10) for member in pool.take(told(number, LIFT)) if member.key == 7
    }
    assert joined == set(range(10)) - removed


def test_what_is_too_old_is_forgotten() -> None:
    pool = Pool(LIMITS, [], {})
    pool.take(told(1, LIFT))
    pool._forget(START + timedelta(days=100))
    assert pool.alone == []


def test_one_persons_other_things_stay_apart() -> None:
    calls = [told(1, LIFT), told(2, {"路灯": 1.0, "不亮": 1.0}), told(3, LIFT)]
    assert [[one.case_id for one in group] for group in same_things(calls, LIMITS)] == [[1, 3], [2]]


COPY = "我们水岸国际全体业主强烈要求开发商立即恢复电梯运行并公开维修资金使用情况，否则将集体维权到底"


def test_copies_from_several_numbers_are_found_and_own_words_are_not() -> None:
    texts = [
        COPY,
        COPY + "！",
        "电梯又坏了，老人下不了楼，我住十八楼，请你们尽快派人来看一看，已经三天没有人管了",
        COPY,
    ]
    groups = same_words(texts, [b"1", b"2", b"3", b"4"], 3)
    assert [(group.members, group.people) for group in groups] == [((0, 1, 3), 3)]


def test_copies_from_one_number_are_not_organised() -> None:
    assert same_words([COPY] * 4, [b"1"] * 4, 2) == []


ROOF = (
    {"燎原小区": 2.0, "外墙": 3.0, "渗水": 3.0},
    {"燎原小区": 2.0, "屋面": 3.0, "防水": 3.0},
    {"顶楼": 3.0, "漏水": 3.0, "燎原小区": 2.0},
)


def at_spot(number: int, words: dict[str, float], spot: str, category: int, group: int) -> Told:
    plain = told(number, words, spot=spot, category_id=category)
    return replace(plain, vector=signed(plain.vector, spot, category, group))


def test_one_trouble_at_one_spot_is_a_matter_in_other_words_too() -> None:
    calls = [at_spot(number, words, "燎原小区", 5, 50) for number, words in enumerate(ROOF)]
    plain = [told(number, words, spot="燎原小区") for number, words in enumerate(ROOF)]
    assert gather(plain[2], plain[:2], LIMITS) == []
    assert {one.case_id for one in gather(calls[2], calls[:2], LIMITS)} == {0, 1, 2}


def test_another_trouble_at_the_spot_or_the_same_at_another_stays_out() -> None:
    body = body_of(1, [at_spot(number, words, "燎原小区", 5, 50) for number, words in enumerate(ROOF)])
    noise = at_spot(7, {"燎原小区": 2.0, "广场舞": 3.0, "音响": 3.0}, "燎原小区", 9, 90)
    elsewhere = at_spot(8, {"墨水湖小区": 2.0, "屋面": 3.0, "防水": 3.0}, "墨水湖小区", 5, 50)
    beside = at_spot(9, ROOF[0], "燎原小区", 6, 50)
    assert best_matter(noise, [body], LIMITS) is None
    assert best_matter(elsewhere, [body], LIMITS) is None
    assert best_matter(beside, [body], LIMITS) is not None
    assert best_matter(told(9, ROOF[0], spot="燎原小区", category_id=6), [body], LIMITS) is None


def test_signs_are_sought_by_and_never_shown() -> None:
    body = body_of(1, [at_spot(number, words, "燎原小区", 5, 50) for number, words in enumerate(ROOF)])
    case = at_spot(4, ROOF[0], "燎原小区", 5, 50)
    assert not [word for word in (*body.keywords, *case.rare) if word.startswith("@")]
    assert set(case.signs) <= set(body.sums)
    assert reason_of(case, body) == "都提到“燎原小区”、“外墙”、“渗水”，同一地点的同类问题"
    assert len(set(keys_of(case)) & set(keys_of(at_spot(5, {"异味": 1.0}, "燎原小区", 5, 50)))) == 2


def test_a_spot_or_a_category_that_is_not_known_is_no_sign() -> None:
    assert signed({"屋面": 1.0}, "", 5, 50) == signed({"屋面": 1.0}, "燎原小区", None, None) == {"屋面": 1.0}
    assert len(signed({"屋面": 1.0}, "燎原小区", 5, None)) == 2
