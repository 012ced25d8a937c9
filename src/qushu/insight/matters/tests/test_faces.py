"""Lone cases on their lists: found by whoever shares words, taken off when they join, bounded by the lists' length."""

from datetime import UTC, datetime, timedelta

import pytest

from qushu.insight.matters import faces
from qushu.insight.matters.joining import CANDIDATES, LONGEST_LIST, Limits, Told, keys_of
from qushu.insight.matters.models import Face, FaceKey

pytestmark = pytest.mark.django_db
START = datetime(2024, 3, 4, tzinfo=UTC)
LIMITS = Limits(people=3, join=0.5, days=60)
LIFT = {"水岸国际": 0.8, "电梯": 0.5, "故障": 0.33}


def told(number: int, words: dict[str, float] = LIFT, street: int | None = 1, hours: int | None = None) -> Told:
    at = START + timedelta(hours=number if hours is None else hours)
    return Told(number, at, b"%d" % number, street, None, None, words)


def found(asked: Told) -> list[int]:
    return [one.case_id for one in faces.near_alone(asked, LIMITS)]


def test_a_case_is_listed_by_street_and_by_its_rarest_words_anywhere() -> None:
    words = {f"词{number}": 1.0 - number / 10 for number in range(9)}
    assert len(set(keys_of(told(1, words)))) == 8 + 3
    assert set(keys_of(told(1, words))) & set(keys_of(told(2, words, street=2))) == set(keys_of(told(3, words))[-3:])
    assert keys_of(told(1, {})) == []


def test_what_shares_words_in_the_street_is_found_and_read_as_it_was_kept() -> None:
    faces.keep_lone([told(1), told(2, {"路灯": 0.9, "不亮": 0.4})])
    assert found(told(9)) == [1]
    assert faces.told_by_ids([1]) == [told(1)]


def test_elsewhere_one_rare_word_alone_is_not_enough() -> None:
    faces.keep_lone([told(1, {"水岸国际": 0.8, "路灯": 0.6}, street=2), told(2, LIFT, street=2)])
    assert found(told(9)) == [2]


def test_who_joined_is_taken_off_and_may_be_put_back() -> None:
    faces.keep_lone([told(1), told(2)])
    faces.keep_joined([told(2)])
    assert found(told(9)) == [1]
    assert Face.objects.count() == 2
    faces.put_on([2])
    assert found(told(9)) == [1, 2]
    faces.put_on([2])
    assert FaceKey.objects.filter(case_id=2).count() == len(keys_of(told(2)))


def test_a_case_that_was_never_kept_is_taken_off_without_a_word() -> None:
    faces.take_off([77])
    faces.take_off([])
    assert not FaceKey.objects.exists()


def test_what_is_too_long_ago_is_not_found_and_forgotten_at_night() -> None:
    faces.keep_lone([told(1), told(2, hours=24 * 61)])
    assert found(told(9, hours=24 * 62)) == [2]
    assert faces.forget_faces(START + timedelta(days=60)) == 1
    assert set(FaceKey.objects.values_list("case_id", flat=True)) == {2}


def test_a_list_is_read_from_its_newest_end_and_no_further() -> None:
    faces.keep_lone(told(number, {"停水": 0.9, "通知": 0.4}) for number in range(LONGEST_LIST + 50))
    assert found(told(999, {"停水": 0.9, "通知": 0.4}))[-1] == LONGEST_LIST + 49
    assert len(found(told(999, {"停水": 0.9, "通知": 0.4}))) == CANDIDATES
