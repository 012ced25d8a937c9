"""A report on a phone, and dates in tiles: words stand in lines, not one below the other."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from playwright.sync_api import Page

from qushu.reports.charts import bar_chart
from qushu.web.tests.browsing import SITE, Site

PAGE = """{% extends "base.html" %}{% block styles %}<link rel="stylesheet" href="{% static "reports/reports.css" %}">{% endblock %}
{% block main %}<article class="panel report-text">BLOCKS</article>
<div class="tiles">{% stat "最早" "2025-11-28" %}{% stat "最近" "2025-11-28" %}</div>{% endblock %}"""
HEAD = [
    ("街道", False),
    *((words, True) for words in ("本期", "占比", "上月", "增减", "变化率", "按时办结率", "满意率")),
]
ROW = [
    ("江汉二桥街道", False),
    *((number, True) for number in ("2,484", "14.0%", "2,221", "-11", "-5.0%", "95.58%", "90.50%")),
]


def shown(page: Page, site: Site, width: int) -> None:
    chart = mark_safe(bar_chart(["本期"], [("永丰街道", [248])]))  # noqa: S308 - drawn by ourselves
    blocks = [
        {"kind": "table", "caption": "各街道", "head": HEAD, "rows": [ROW]},
        {"kind": "bars", "caption": "各街道", "svg": chart},
    ]
    site.pages["/report/"] = PAGE.replace(
        "BLOCKS", "".join(render_to_string("reports/block.html", {"block": block}) for block in blocks)
    )
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{SITE}/report/")


def test_a_name_in_a_table_stands_in_a_line_and_a_chart_can_be_read_on_a_phone(shell_page: Page, site: Site) -> None:
    shown(shell_page, site, 390)
    name = shell_page.locator(".report-text td").first
    one_line = name.evaluate("(it) => parseFloat(getComputedStyle(it).lineHeight)")
    words = name.evaluate(
        "(it) => { const of = document.createRange(); of.selectNodeContents(it); return of.getBoundingClientRect().height }"
    )
    assert words < 2 * one_line
    drawn = shell_page.locator(".report-chart svg").bounding_box()
    assert drawn is not None
    assert 12 * drawn["width"] / 620 > 9  # letters of 12 in a picture of 620
    assert shell_page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_report_stands_in_the_middle_of_a_wide_screen_and_a_date_in_one_line(shell_page: Page, site: Site) -> None:
    shown(shell_page, site, 3840)
    paper = shell_page.locator(".report-text")
    box, around = paper.bounding_box(), paper.locator("..").bounding_box()
    assert box is not None and around is not None
    left, right = box["x"] - around["x"], around["x"] + around["width"] - box["x"] - box["width"]
    assert abs(left - right) < 60
    tile = shell_page.locator(".stat-value").first
    assert (
        tile.evaluate("(it) => it.getBoundingClientRect().height / parseFloat(getComputedStyle(it).lineHeight)") < 1.5
    )
    assert tile.evaluate("(it) => it.scrollWidth <= it.parentElement.clientWidth")
