from datetime import timedelta
from io import BytesIO

import pytest
from django import forms
from django.core import signing
from django.test import Client
from PIL import Image

from qushu.kernel.models import Nonce, Tally
from qushu.people import captcha
from qushu.people.captcha import ALPHABET, answered, draw_captcha, picture_captcha, sum_captcha
from qushu.people.forms.captcha import CaptchaForm
from qushu.people.limits import allow, forget_old, use_once

from .staff import NOON, later

pytestmark = pytest.mark.django_db


def right_answer(token: str) -> str:
    return captcha._answer(signing.loads(token, salt=captcha.SALT))


def test_a_key_is_allowed_so_often_in_a_window_and_again_in_the_next():
    assert [allow("submit:1", 3, 60, later(seconds=s)) for s in (0, 10, 20, 30)] == [True, True, True, False]
    assert allow("submit:2", 3, 60, later(seconds=30))
    assert allow("submit:1", 3, 60, later(seconds=60))


def test_a_value_is_good_once():
    assert use_once("nonce:1", later(minutes=1))
    assert not use_once("nonce:1", later(minutes=1))
    assert use_once("nonce:2", later(minutes=1))


def test_old_counts_and_values_are_forgotten_and_fresh_ones_kept():
    allow("old", 3, 60, NOON - timedelta(days=3))
    allow("new", 3, 60, NOON)
    use_once("old", NOON - timedelta(seconds=1))
    use_once("new", later(minutes=1))
    assert forget_old(NOON) == 2
    assert list(Tally.objects.values_list("key", flat=True)) == ["new"]
    assert list(Nonce.objects.values_list("value", flat=True)) == ["new"]


def test_the_right_answer_passes_once():
    shown = picture_captcha(NOON)
    answer = right_answer(shown.token)
    assert len(answer) == 5 and set(answer) <= set(ALPHABET)
    assert answered(shown.token, answer, NOON)
    assert not answered(shown.token, answer, NOON)


def test_case_width_and_spaces_do_not_matter():
    shown = picture_captcha(NOON)
    typed = " ".join(chr(ord(c) + 0xFEE0) for c in right_answer(shown.token).lower())
    assert answered(shown.token, typed, NOON)


def test_a_wrong_answer_uses_the_captcha_up():
    shown = picture_captcha(NOON)
    assert not answered(shown.token, "?????", NOON)
    assert not answered(shown.token, right_answer(shown.token), NOON)


def test_an_expired_changed_or_invented_token_never_passes():
    shown = picture_captcha(NOON)
    answer = right_answer(shown.token)
    assert not answered(shown.token, answer, later(minutes=10))
    assert not answered(shown.token[:-1] + ("A" if shown.token[-1] != "A" else "B"), answer, NOON)
    assert not answered("", "", NOON)
    assert answered(shown.token, answer, later(minutes=9))


def test_the_token_does_not_hold_the_answer():
    shown = picture_captcha(NOON)
    assert right_answer(shown.token) not in shown.token
    assert set(signing.loads(shown.token, salt=captcha.SALT)) == {"k", "n", "e"}


def test_the_sum_is_asked_in_words_and_answered_in_digits_or_words():
    for _ in range(20):
        shown = sum_captcha(NOON)
        left, right = (captcha.DIGITS.index(shown.question[place]) for place in (0, 2))
        assert shown.question == f"{captcha.DIGITS[left]}加{captcha.DIGITS[right]}等于几"
        total = left + right
        words = captcha.DIGITS[total] if total < 10 else "十" + (captcha.DIGITS[total - 10] if total > 10 else "")
        assert answered(shown.token, words, NOON)
    assert answered((again := sum_captcha(NOON)).token, right_answer(again.token), NOON)


def test_the_picture_is_a_png_and_always_the_same_for_one_token():
    shown = picture_captcha(NOON)
    drawn = draw_captcha(shown.token, NOON)
    image = Image.open(BytesIO(drawn))
    assert (image.format, image.size) == ("PNG", (180, 60))
    low, high = image.getextrema()
    assert low < 100 and high > 200
    assert draw_captcha(shown.token, later(minutes=1)) == drawn
    assert draw_captcha(picture_captcha(NOON).token, NOON) != drawn
    assert draw_captcha(sum_captcha(NOON).token, NOON) is None


def test_the_picture_is_served_and_an_invented_token_is_not_found(settings):
    from django.utils import timezone

    shown = picture_captcha(timezone.now())
    answer = Client().get(f"/captcha/{shown.token}.png")
    assert answer["Content-Type"] == "image/png"
    assert Client().get("/captcha/invented.png").status_code == 404


class Complaint(CaptchaForm):
    words = forms.CharField(max_length=5)


def complaint(words: str, token: str, answer: str) -> Complaint:
    return Complaint({"words": words, "captcha_token": token, "captcha_answer": answer}, now=NOON)


def test_a_form_with_a_captcha_passes_once():
    token = picture_captcha(NOON).token
    assert complaint("路灯坏了", token, right_answer(token)).is_valid()
    again = complaint("路灯坏了", token, right_answer(token))
    assert not again.is_valid() and "其余内容已保留" in again.errors["captcha_answer"][0]
    assert again.captcha.token != token


def test_a_typing_error_elsewhere_does_not_use_the_captcha_up():
    token = sum_captcha(NOON).token
    wrong = complaint("路灯坏了三天了", token, right_answer(token))
    assert not wrong.is_valid()
    assert (wrong.captcha.token, wrong.captcha_said) == (token, right_answer(token))
    assert complaint("路灯坏了", token, right_answer(token)).is_valid()


def test_a_form_not_yet_sent_shows_a_new_picture():
    shown = Complaint(now=NOON).captcha
    assert shown.question == "" and draw_captcha(shown.token, NOON) is not None


def test_the_field_is_swapped_for_a_picture_or_a_question():
    picture = Client().get("/captcha/").content.decode()
    question = Client().get("/captcha/?kind=sum").content.decode()
    assert "<img" in picture and "5 个字符" in picture
    assert "<img" not in question and "等于几" in question
    assert "style=" not in picture and "onclick" not in picture
