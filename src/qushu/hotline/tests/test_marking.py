"""Which words of the table mark a text."""

import pytest

from qushu.hotline.desk.queries import warnings_in
from qushu.hotline.marking import is_marked_by
from qushu.hotline.models import UrgentWord


@pytest.mark.parametrize(
    ("text", "word", "mark", "marked"),
    [
        ("小区里爆炸了", "爆炸", "urgent", True),
        ("没有爆炸，只是停电", "爆炸", "urgent", False),
        ("没有爆炸但是起火", "起火", "urgent", True),
        ("担心爆炸", "爆炸", "urgent", True),
        ("会不会爆炸", "爆炸", "urgent", True),
        ("没有记者来", "记者", "media", True),
        ("不要透露我是谁", "不要透露", "sensitive", True),
        ("路灯不亮", "爆炸", "urgent", False),
    ],
)
def test_an_urgent_word_that_is_only_denied_marks_nothing(text, word, mark, marked):
    assert is_marked_by(text, word, mark) is marked


@pytest.fixture
def explosion(db: None) -> None:
    UrgentWord.objects.update_or_create(word="爆炸", defaults={"mark": "urgent", "emergency_number": "119"})


@pytest.mark.usefixtures("explosion")
def test_the_desk_names_no_emergency_that_the_caller_denies():
    assert [one.emergency_number for one in warnings_in("楼下爆炸了")] == ["119"]
    assert warnings_in("声音很大，没有爆炸") == []
