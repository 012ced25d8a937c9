"""Free text is drawn masked wherever a template draws it, and is the text itself everywhere else."""

import json

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.template import engines
from django.utils.html import conditional_escape, format_html

from qushu.kernel.free_text import FreeCharField, FreeText, FreeTextField, as_shown, in_the_clear

SAID = "请回电13812345678<b>"
MASKED = "请回电138****5678&lt;b&gt;"


class Letter(models.Model):
    """A table of this test alone; it is never made."""

    title = FreeCharField("标题", max_length=30, blank=True)
    text = FreeTextField(null=True)
    words = ArrayField(FreeCharField(max_length=9), default=list)

    class Meta:
        app_label = "kernel_tests"
        managed = False


def draw(source: str, **values: object) -> str:
    return engines["django"].from_string(source).render(values)


@pytest.mark.parametrize(
    "source",
    [
        "{{ one.title }}",
        "{{ one.title|default:'—' }}",
        "{% firstof one.title '—' %}",
        "{% with said=one.title %}{{ said }}{% endwith %}",
        '{% crumb one.title "" %}',
        "{% panel one.title %}{% endpanel %}",
        "{% asvar as words %}{{ one.title }}{% endasvar %}{{ words }}",
        "{{ both|join:'、' }}",
        "{{ one.title|masked }}",
        "{{ one.title|shown:no }}",
    ],
)
def test_a_template_draws_it_masked(source: str) -> None:
    one = Letter(title=SAID)
    out = draw(source, one=one, both=[one.title], no=False)
    assert MASKED in out and "13812345678" not in out


def test_python_that_writes_html_masks_it_too() -> None:
    assert format_html("<i>{}</i>", FreeText(SAID)) == f"<i>{MASKED}</i>"
    assert conditional_escape(FreeText(SAID)) == MASKED


def test_in_the_clear_is_said_by_name() -> None:
    assert draw("{{ said }}", said=in_the_clear(FreeText(SAID))) == "请回电13812345678&lt;b&gt;"
    assert draw("{{ said|shown:yes }}", said=FreeText(SAID), yes=True) == "请回电13812345678&lt;b&gt;"
    assert as_shown(FreeText(SAID), True) == SAID
    assert as_shown(FreeText(SAID), False) == "请回电138****5678<b>"


def test_everything_else_sees_the_text() -> None:
    said = FreeText(SAID)
    assert (said == SAID, f"{said}", str(said), said + "", json.loads(json.dumps(said))) == (True, *[SAID] * 4)
    assert type(in_the_clear(said)) is str


def test_it_is_free_text_however_it_came_into_the_row() -> None:
    made, read = Letter(title=SAID), Letter.from_db("default", ["id", "title"], [1, FreeText(SAID)])
    given = Letter()
    given.title = SAID
    assert {type(one.title) for one in (made, read, given)} == {FreeText}
    assert Letter(text=None).text is None
    assert Letter._meta.get_field("text").from_db_value(SAID, None, None) == SAID
    assert type(Letter._meta.get_field("words").from_db_value([SAID], None, None)[0]) is FreeText


@pytest.mark.parametrize(("name", "plain"), [("title", models.CharField), ("text", models.TextField)])
def test_to_migrations_it_is_a_plain_field(name: str, plain: type[models.Field]) -> None:  # type: ignore[type-arg]
    _, path, _, named = Letter._meta.get_field(name).deconstruct()
    assert path == f"django.db.models.{plain.__name__}" and "plain" not in named
