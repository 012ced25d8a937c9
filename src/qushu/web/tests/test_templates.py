"""The design system: components as markup, and what templates must never hold."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.template import engines
from django.test import RequestFactory, override_settings

import qushu
from qushu.web import tones
from qushu.web.styleguide import styleguide
from qushu.web.tests.drawing import draw

WEB = Path(qushu.__file__).parent / "web"
NOON = datetime(2024, 3, 5, 4, 0, tzinfo=UTC)


def test_changing_one_filter_keeps_the_others_and_starts_the_list_anew() -> None:
    out = draw('{% url_with state="closed" street="" %}', "/cases/?q=路灯&street=3&after=xyz&state=new")
    assert out == "?q=%E8%B7%AF%E7%81%AF&amp;state=closed"
    assert draw('{% url_with q="" %}', "/cases/?q=1") == "?"


def test_every_state_has_words_and_a_tone_that_the_stylesheet_knows() -> None:
    known = set(re.findall(r"--(\w+)-ground", (WEB / "static/web/css/tokens.css").read_text()))
    for looks in (tones.STATES, tones.URGENCIES, tones.MARKS):
        assert all(look.words and look.tone in known for look in looks.values())


def test_red_is_kept_for_what_is_late_or_urgent() -> None:
    red = {
        code
        for looks in (tones.STATES, tones.URGENCIES, tones.MARKS)
        for code, look in looks.items()
        if look.tone == "late"
    }
    assert red == {"urgent", "threat"}


def test_a_state_is_told_in_words_and_an_unknown_one_is_shown_as_it_is() -> None:
    assert "办理中" in draw("{% state_tag case %}", case=SimpleNamespace(state="in_hand"))
    assert "&lt;b&gt;" in draw("{% state_tag state %}", state="<b>")


class Intake(forms.Form):
    phone = forms.CharField(label="来电号码", help_text="座机请带区号。")
    urgency = forms.ChoiceField(label="紧急", widget=forms.RadioSelect, choices=[("a", "甲"), ("b", "乙")])
    due = forms.DateTimeField(label="期限", required=False)
    agree = forms.BooleanField(label="保密", required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_wrong_field_names_its_error_and_its_help_to_readers() -> None:
    out = draw("{% field form.phone data_lookup='/x/' autofocus=True %}", form=Intake({}))
    assert 'aria-invalid="true"' in out
    assert 'aria-describedby="id_phone_help id_phone_error"' in out
    assert 'id="id_phone_help"' in out
    assert 'id="id_phone_error"' in out
    assert 'data-lookup="/x/"' in out
    assert "autofocus" in out


def test_choices_stand_in_a_fieldset_and_a_tick_stands_before_its_label() -> None:
    choices, tick = draw("{% field form.urgency %}", form=Intake()), draw("{% field form.agree %}", form=Intake())
    assert "<legend" in choices
    assert tick.index("<input") < tick.index("保密")


def test_a_time_uses_the_browsers_picker_and_shanghais_clock() -> None:
    out = draw("{% field form.due %}", form=Intake(initial={"due": NOON}))
    assert 'type="datetime-local"' in out
    assert 'value="2024-03-05T12:00"' in out


def test_what_the_picker_sends_is_read_back_as_the_same_time() -> None:
    form = Intake({"phone": "1", "urgency": "a", "token": "t", "due": "2024-03-05T12:00"})
    assert form.is_valid()
    assert form.cleaned_data["due"] == NOON


def test_a_hidden_field_is_only_its_input() -> None:
    assert draw("{% field form.token %}", form=Intake()).strip().startswith('<input type="hidden"')


class Filter(forms.Form):
    q = forms.CharField(label="关键词", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("new", "待派")])
    late = forms.BooleanField(label="只看超期", required=False)


def test_active_filters_are_chips_that_can_be_taken_away_one_by_one() -> None:
    request = RequestFactory().get("/cases/?q=水&state=new&sort=-due")
    out = engines["django"].from_string("{% filter_bar form shown=1 %}").render({"form": Filter(request.GET)}, request)
    assert "状态：待派" in out
    assert 'href="?q=%E6%B0%B4&amp;sort=-due"' in out
    assert '<input type="hidden" name="sort" value="-due">' in out
    assert '<details class="filters-more" open>' in out


def test_a_filter_nobody_set_shows_no_chips() -> None:
    assert "chip" not in draw("{% filter_bar form %}", form=Filter({}))


def test_a_heading_sorts_by_its_column_and_then_the_other_way() -> None:
    fresh = draw('{% th "期限" sort="due" %}', "/cases/?q=1")
    again = draw('{% th "期限" sort="due" %}', "/cases/?q=1&sort=due")
    assert "?q=1&amp;sort=due" in fresh
    assert "aria-sort" not in fresh
    assert "sort=-due" in again
    assert 'aria-sort="ascending"' in again


def test_the_pager_offers_only_pages_that_exist() -> None:
    first = draw("{% pager page %}", "/cases/?q=1", page=SimpleNamespace(next_cursor="n", previous_cursor=None))
    last = draw("{% pager page %}", "/cases/?q=1&after=n", page=SimpleNamespace(next_cursor=None, previous_cursor="p"))
    assert "下一页" in first
    assert "上一页" not in first
    assert "after=n" in first
    assert "下一页" not in last
    assert "before=p" in last
    assert "回到第一页" in last


def test_what_a_user_typed_never_becomes_markup() -> None:
    bad = "<script>x</script>"
    source = (
        "{% panel title=bad %}{{ bad }}{% endpanel %}{% timeline_entry bad who=bad %}{{ bad }}{% endtimeline_entry %}"
        "{% stat bad bad %}{% badge bad %}{% notice title=bad %}{{ bad }}{% endnotice %}{% bar_chart rows bad %}"
        "{% tab bad bad %}{% crumb bad %}{% td_pick bad bad %}{% th bad %}{% dialog id='d' title=bad %}{% enddialog %}"
    )
    assert "<script>" not in draw(source, bad=bad, rows=[(bad, 1)])


def test_progress_without_a_known_end_shows_no_share() -> None:
    assert "value=" not in draw("{% progress 12 None '统计' %}")
    assert 'value="50"' in draw("{% progress 5 10 '导出' %}")


def test_every_template_of_the_design_system_compiles() -> None:
    for path in (WEB / "templates").rglob("*.html"):
        engines["django"].get_template(str(path.relative_to(WEB / "templates")))


def all_templates() -> list[Path]:
    return sorted(Path(qushu.__file__).parent.rglob("templates/**/*.html"))


def test_no_template_has_script_or_style_inside_for_the_policy_forbids_them() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", re.I)
    assert [str(path) for path in all_templates() if inline.search(path.read_text())] == []


def test_every_icon_that_a_template_names_exists() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/web/icons.svg").read_text()))
    named = {name for path in all_templates() for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())}
    assert named - drawn == set()


def test_error_pages_need_no_request_and_say_what_was_kept() -> None:
    for name in ("400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"):
        words = engines["django"].get_template(name).render({})
        assert "没有" in words
        assert "<nav" not in words


@override_settings(ROOT_URLCONF="qushu.web.tests.test_shell")
def test_the_styleguide_is_for_administrators_outside_of_development() -> None:
    request = RequestFactory().get("/styleguide/")
    request.account, request.actor = None, SimpleNamespace(roles={"agent"}, grants=())  # type: ignore[attr-defined]
    with override_settings(DEBUG=False), pytest.raises(PermissionDenied):
        styleguide(request)
    request.actor = SimpleNamespace(roles={"administrator"}, grants=())  # type: ignore[attr-defined]
    with override_settings(DEBUG=False):
        assert "设计样张" in styleguide(request).content.decode()
