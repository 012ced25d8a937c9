"""Warnings and matters stand on the overview and on the big screen, for those who may read them."""

import pytest
from django.utils import timezone

from qushu.insight.matters.models import Matter
from qushu.insight.overview.panels import panels_for
from qushu.insight.warnings.models import Warning
from qushu.people.access import Actor, GrantValue
from qushu.people.tests.staff import log_in, make_account

LEADER = Actor("领导", (GrantValue("leader"),), None)
AGENT = Actor("坐席", (GrantValue("agent"),), None)


@pytest.fixture
def warning(db: None) -> Warning:
    now = timezone.now()
    return Warning.objects.create(
        kind="surge", series="s", title="停水突增", ground="1 小时 12 件", level=3, raised_at=now, since=now,
        updated_at=now, observed=12, answer_due_at=now,
    )  # fmt: skip


def test_running_warnings_are_lines_of_a_panel(warning: Warning) -> None:
    panels = {one["panel"].code: one["lines"] for one in panels_for(LEADER, timezone.now(), 5)}
    assert set(panels) == {"warnings", "matters"}
    assert [(line.words, line.figure) for line in panels["warnings"]] == [("停水突增", "红色")]
    Warning.objects.update(state=Warning.State.closed)
    assert {one["panel"].code: one["lines"] for one in panels_for(LEADER, timezone.now(), 5)}["warnings"] == []


def test_who_may_not_read_warnings_has_no_panel(warning: Warning) -> None:
    assert panels_for(AGENT, timezone.now(), 5) == []


def test_the_big_screen_shows_the_warning(warning: Warning) -> None:
    assert "停水突增" in log_in(make_account("leader")).get("/overview/screen/").text


def test_a_growing_matter_is_a_line_of_its_panel(db: None) -> None:
    now = timezone.now()
    Matter.objects.create(title="多人反映停水", first_at=now, last_at=now, people=7, cases=8, created_at=now)
    panels = {one["panel"].code: one["lines"] for one in panels_for(LEADER, now, 5)}
    assert [(line.words, line.figure, line.tone) for line in panels["matters"]] == [("多人反映停水", "7 人", "neutral")]
