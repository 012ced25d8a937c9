"""A report's numbers: every one computed again by another way, and text that has no other number."""

import re
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from qushu.cases import actions as case_actions
from qushu.cases.models import Case, Category
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.matters.models import Matter, Membership
from qushu.insight.warnings.models import Warning, WarningCase
from qushu.kernel.errors import Forbidden, Refused
from qushu.lake.copying import bring_up_to_date, build
from qushu.people.access import SYSTEM
from qushu.people.models import Unit
from qushu.reports.actions import make_report
from qushu.reports.content import Block, figures_of, text, texts_of
from qushu.reports.facts import NAMED, fill, saying
from qushu.reports.models import Advice, FindingRule, ReportFigure, ReportTemplate, Version
from qushu.reports.parts import PARTS, Desk, opening
from qushu.reports.queries import fact_rows, paper_of_version
from qushu.reports.tests.recomputing import recomputed
from qushu.reports.tests.seasons import DAY, NOW

APRIL = date(2024, 4, 1), date(2024, 4, 30)


@pytest.fixture
def april(spring: District) -> Version:
    FindingRule.objects.update(strength="0.5", least=1)
    return make_report(SYSTEM, "monthly", *APRIL, NOW)


def words_of(version: Version) -> str:
    paper = paper_of_version(version, fact_rows(version))
    return "\n".join(str(vars(block).get("text", "")) for block in paper.blocks)


def test_every_number_comes_out_the_same_by_another_way(april: Version) -> None:
    kept = {row.key: row.value for row in april.figures.all()}
    anew = recomputed(april)
    wrong = {key: (kept[key], anew[key], april.figures.get(key=key).name) for key in kept if kept[key] != anew[key]}
    assert wrong == {}
    assert len(kept) > 50 and len({row.query.split("&")[0] for row in april.figures.all()}) > 10


def test_the_gravest_warnings_are_told_with_their_cases(spring: District) -> None:
    cases = list(Case.objects.order_by("pk")[4:9])
    for level, title, behind in ((3, "江堤停水", cases), (1, "路灯", cases[:1]), (3, "没有工单的", [])):
        one = Warning.objects.create(
            kind="surge", series=title, title=title, ground="测试", level=level, observed=9, expected=1.0,
            since=NOW, raised_at=MONDAY + 40 * DAY, updated_at=NOW, answer_due_at=NOW,
        )  # fmt: skip
        WarningCase.objects.bulk_create(WarningCase(warning=one, case=case) for case in behind)
    version = make_report(SYSTEM, "monthly", *APRIL, NOW)
    words = words_of(version)
    assert "“江堤停水”（红色），涉及诉求5件" in words
    rows = next(block["rows"] for block in version.content if block.get("caption") == "主要预警")
    assert [row[3] for row in rows] == ["江堤停水", "路灯"]
    assert {row.key: row.value for row in version.figures.all()} == recomputed(version)


def test_a_report_on_a_street_a_category_a_unit_or_a_matter_too(spring: District) -> None:
    matter = Matter.objects.create(title="水管", first_at=MONDAY, last_at=NOW, created_at=NOW)
    Membership.objects.bulk_create(
        Membership(matter=matter, case=case, accepted_at=case.accepted_at, reason="", added_at=NOW)
        for case in Case.objects.order_by("pk")[5:11]
    )
    scopes = [
        f"street={spring.street.pk}",
        f"category3={spring.category.pk}",
        f"unit={spring.water.pk}",
        f"matter={matter.pk}",
    ]
    for scope in scopes:
        version = make_report(SYSTEM, "thematic", *APRIL, NOW, scope=scope, subject="水管爆裂")
        anew = recomputed(version)
        assert {row.key: row.value for row in version.figures.all()} == anew
        assert "水管爆裂" in version.title
    count = version.figures.get(query__startswith="measure=count", query__endswith=f"2024-04-30&matter={matter.pk}")
    assert count.value == 6
    words = words_of(version)
    assert "，共受理“水管”方面的市民诉求6件" in words and "M0" not in words
    assert "群体诉求" not in words  # the matter beside itself, and others within it, would be nonsense


def test_a_new_matter_has_no_changes_and_a_category_is_none_beside_itself(spring: District) -> None:
    matter = Matter.objects.create(title="水管", first_at=MONDAY, last_at=NOW, created_at=NOW)
    april = Case.objects.filter(accepted_at__date__gte=APRIL[0], accepted_at__date__lte=APRIL[1])
    Membership.objects.bulk_create(
        Membership(matter=matter, case=case, accepted_at=case.accepted_at, reason="", added_at=NOW)
        for case in april.order_by("pk")
    )
    said = words_of(make_report(SYSTEM, "thematic", *APRIL, NOW, scope=f"matter={matter.pk}"))
    assert "没有这类诉求，不判断变化" in said
    category = spring.category.parent
    whole = words_of(make_report(SYSTEM, "thematic", *APRIL, NOW, scope=f"category2={category.pk}"))
    assert f"“{category.name}”类诉求增加" not in whole


def test_who_moved_more_than_the_whole_is_held_against_the_rest(spring: District) -> None:
    """Never 占该项增加件数的142%: that reads like a mistake."""
    FindingRule.objects.update(strength="0.5", least=1)
    other = Unit.objects.exclude(pk=spring.water.pk).filter(active=True).first()
    march = Case.objects.filter(accepted_at__lt=NOW - 45 * DAY).order_by("pk")
    Case.objects.filter(pk__in=march.values("pk")[:3]).update(lead_unit=other)
    elsewhere = Category.objects.filter(level=3).exclude(parent=spring.category.parent).first()
    Case.objects.filter(pk=Case.objects.latest("pk").pk).update(category=elsewhere)
    build(NOW)
    version = make_report(SYSTEM, "monthly", *APRIL, NOW)
    assert f"{spring.water.name}增加10件（其余合计减少3件）" in words_of(version)
    assert {row.key: row.value for row in version.figures.all()} == recomputed(version)


def test_a_month_counts_all_its_cases_when_the_period_begins_in_its_middle(spring: District) -> None:
    span = date(2024, 2, 15), date(2024, 5, 31)
    version = make_report(SYSTEM, "thematic", *span, NOW + 60 * DAY, scope=f"unit={spring.water.pk}")
    chart = next(block for block in version.content if block["kind"] == "lines")
    values = [version.figures.get(key=key).value for key in chart["series"][0][1]]
    assert chart["labels"] == ["3月", "4月", "5月"] and values == [4, 12, 0]
    assert "受理最多的是2024年4月，共12件" in words_of(version)


def test_a_year_that_cases_dont_fill_is_counted_from_its_first_one(spring: District) -> None:
    version = make_report(SYSTEM, "thematic", date(2024, 1, 1), date(2024, 5, 15), NOW)
    assert "2024年1月1日至5月15日（数据自3月1日起），全区共受理市民诉求16件，日均0.2件" in words_of(version)
    few = make_report(SYSTEM, "thematic", date(2020, 1, 1), date(2024, 3, 1), NOW)
    assert "日均" not in words_of(few)


def test_what_a_report_is_about_reads_as_people_say_it(spring: District) -> None:
    matter = Matter.objects.create(title="水管", first_at=MONDAY, last_at=NOW, created_at=NOW)
    Membership.objects.bulk_create(
        Membership(matter=matter, case=case, accepted_at=case.accepted_at, reason="", added_at=NOW)
        for case in Case.objects.order_by("pk")[5:11]
    )
    about = make_report(SYSTEM, "thematic", *APRIL, NOW, scope=f"matter={matter.pk}")
    assert about.title == "关于“水管”诉求情况的专题报告"
    assert "受理量较多的诉求类别（件）" not in [block.get("caption") for block in about.content]  # there is but one
    assert "从诉求类型看，全部为投诉。" in words_of(about)
    street = words_of(make_report(SYSTEM, "thematic", *APRIL, NOW, scope=f"street={spring.street.pk}"))
    assert f"{spring.street.name}共受理市民诉求" in street
    week = words_of(make_report(SYSTEM, "weekly", date(2024, 4, 8), date(2024, 4, 14), NOW))
    assert "2024年第15周（4月8日至4月14日），全区" in week
    assert "数据时段为2024年4月8日至4月14日" in week and "2024-04" not in week


def test_what_isnt_there_is_said_in_words(spring: District) -> None:
    FindingRule.objects.update(strength="0.5", least=1)
    elsewhere = Category.objects.filter(level=3).exclude(parent=spring.category.parent).first()
    march = Case.objects.filter(accepted_at__lt=NOW - 45 * DAY)
    Case.objects.filter(pk__in=march.values("pk")).update(category=elsewhere)
    build(NOW)
    version = make_report(SYSTEM, "monthly", *APRIL, NOW)
    words = words_of(version)
    assert "本期没有受理，上月受理4件" in words
    assert "下降100.0%" not in words and "满意率：" in words
    assert {row.key: row.value for row in version.figures.all()} == recomputed(version)


def test_a_share_that_would_read_nought_is_left_out(spring: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SMALLEST_SHARE", Decimal(20))
    Case.objects.filter(pk=Case.objects.latest("pk").pk).update(kind="consultation")
    build(NOW)
    assert "从诉求类型看，投诉11件、占91.7%；咨询1件。" in words_of(make_report(SYSTEM, "monthly", *APRIL, NOW))


def test_rates_that_nobody_measured_are_neither_tables_nor_remarks(district: District) -> None:
    """A file that says of its cases no more than whether they were late (docs/examples, Pingshan)."""
    for number in range(3):
        case = case_actions.accept_case(district.call("agent", number * DAY), district.intake())
        case_actions.register_case(
            district.call("agent", number * DAY),
            case.pk,
            district.category.pk,
            district.community.pk,
            "complaint",
            "general",
        )
    bring_up_to_date(NOW)
    version = make_report(SYSTEM, "monthly", date(2024, 3, 1), date(2024, 3, 31), NOW)
    words = words_of(version)
    assert "受理量：" in words and "满意率：" not in words and "解决率：" not in words
    assert all(len(block["rows"]) > 1 for block in version.content if block.get("caption") == "办理质效指标")


def test_a_report_is_written_from_one_state_of_the_copy(spring: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker replaces the copy every 20 seconds; a report that began before keeps to what it began with."""

    def meanwhile(desk: Desk) -> list[Block]:
        case_actions.accept_case(spring.call("agent", 40 * DAY), spring.intake())
        bring_up_to_date(NOW)
        by_channel = desk.book.cut("count", desk.now, "channel")
        return [text(f"其中{by_channel.fact(by_channel.keys[0])}件。")]

    monkeypatch.setitem(PARTS, "渠道构成", ("", meanwhile))
    words = words_of(make_report(SYSTEM, "monthly", *APRIL, NOW))
    assert "共受理市民诉求12件" in words and "其中12件。" in words


def test_without_a_copy_nothing_is_said(spring: District, lake: Path) -> None:
    shutil.rmtree(lake)
    with pytest.raises(Refused, match="还在整理"):
        make_report(SYSTEM, "monthly", *APRIL, NOW)


def test_no_number_stands_in_a_text_but_through_a_figure(april: Version) -> None:
    names = {*Case.objects.values_list("channel__name", flat=True), "2024年4月"}
    for block in april.content:
        for sentence in texts_of(block):
            bare = NAMED.sub("", sentence)
            for name in names:
                bare = bare.replace(name, "")
            bare = re.sub(r"\d+月\d+日", "", bare)  # a day is named, not counted
            if block["kind"] != "note":
                assert not re.search(r"\d", bare), sentence


def test_every_figure_that_a_text_names_is_kept_with_its_question(april: Version) -> None:
    named = {key for block in april.content for key in figures_of(block)}
    rows = {row.key: row for row in april.figures.all()}
    assert named <= set(rows)
    for row in rows.values():
        assert bool(row.query) != bool(row.formula)
        assert {key for key in row.formula[1:] if key.startswith("f")} <= set(rows)


def test_the_same_data_gives_the_same_text(april: Version) -> None:
    again = make_report(SYSTEM, "monthly", *APRIL, NOW, reason="重做")
    assert again.number == 2 and again.content == april.content
    assert paper_of_version(again, fact_rows(again)).blocks == paper_of_version(april, fact_rows(april)).blocks


def test_the_text_says_what_came_in_and_what_changed(april: Version) -> None:
    words = words_of(april)
    assert "2024年4月，全区共受理市民诉求12件，日均0.4件，较上月增加8件、上升200.0%。" in words
    assert "去年同期没有数据，不作同比。" in words
    assert "占全区增加件数的100.0%" in words


def test_a_change_that_chance_explains_is_no_news(spring: District) -> None:
    FindingRule.objects.update(strength="50", least=1)
    version = make_report(SYSTEM, "monthly", *APRIL, NOW)
    assert "没有超出偶然波动的变化" in words_of(version)


def test_what_isnt_known_is_said_plainly(spring: District) -> None:
    version = make_report(SYSTEM, "monthly", date(2024, 3, 1), date(2024, 3, 31), NOW)
    words = words_of(version)
    assert "上月没有完整数据，不作环比。" in words and "不判断变化" in words
    assert not version.figures.filter(query__contains="2024-02").exists()


def test_a_typical_case_is_masked_and_never_a_sealed_one(spring: District) -> None:
    said = "市民来电反映：钟家村社区3栋2单元501室漏水，联系人王小明，电话13912345678，希望尽快维修。"
    case = Case.objects.filter(solved=True).order_by("-accepted_at").first()
    assert case
    for one in Case.objects.filter(solved=True):
        type(one.statement).objects.filter(pk=one.statement.pk).update(text=said)
    words = words_of(make_report(SYSTEM, "monthly", *APRIL, NOW))
    assert "市民反映：" in words and "漏水" in words
    for personal in ("3栋", "501", "13912345678", "王小明"):
        assert personal not in words
    Case.objects.update(marks=["sensitive"])
    assert "市民反映：" not in words_of(make_report(SYSTEM, "monthly", *APRIL, NOW))


def test_advice_comes_from_the_table(spring: District) -> None:
    FindingRule.objects.update(strength="0.5", least=1)
    Advice.objects.all().delete()
    Advice.objects.create(
        signal="up", dimension="category2", category=spring.category.parent, words="请查{名称}的水管。"
    )
    Advice.objects.create(signal="down", dimension="unit", words="不该出现。")
    words = words_of(make_report(SYSTEM, "monthly", *APRIL, NOW))
    assert f"请查{spring.category.parent.name}的水管。" in words and "不该出现" not in words


def test_the_template_decides_what_is_said(spring: District) -> None:
    old = ReportTemplate.objects.get(kind="monthly")
    ReportTemplate.objects.create(
        kind="monthly", version=2, title="{时段}简况", body="# 一句话\n[受理总量]\n特此报告。"
    )
    version = make_report(SYSTEM, "monthly", *APRIL, NOW)
    assert version.title == "2024年4月简况" and version.template_id != old.pk
    kinds = [block["kind"] for block in version.content]
    assert kinds == ["heading", "text", "text"]


@pytest.mark.parametrize("kind", ["daily", "weekly", "annual"])
def test_every_kind_can_be_made(spring: District, kind: str) -> None:
    span = {"daily": (date(2024, 4, 8), date(2024, 4, 8)), "weekly": (date(2024, 4, 8), date(2024, 4, 14)),
            "annual": (date(2024, 1, 1), date(2024, 12, 31))}[kind]  # fmt: skip
    version = make_report(SYSTEM, kind, *span, NOW if kind != "annual" else NOW + 365 * DAY)
    assert {row.key: row.value for row in version.figures.all()} == recomputed(version)
    assert version.title


def test_a_period_that_hasnt_ended_or_has_no_cases_is_refused(spring: District) -> None:
    with pytest.raises(Refused, match="还没有结束"):
        make_report(SYSTEM, "monthly", date(2024, 5, 1), date(2024, 5, 31), NOW)
    with pytest.raises(Refused, match="没有诉求件"):
        make_report(SYSTEM, "monthly", date(2020, 5, 1), date(2020, 5, 31), NOW)
    assert not Version.objects.exists()


def test_who_may_not_write_makes_nothing(spring: District) -> None:
    for role in ("leader", "supervisor", "unit", "agent", "administrator"):
        with pytest.raises(Forbidden):
            make_report(spring.people[role], "monthly", *APRIL, NOW)
    assert not ReportFigure.objects.exists()


def test_cases_that_come_later_dont_change_a_snapshot(april: Version, spring: District) -> None:
    before = words_of(april)
    late = timedelta(days=40)
    case_actions.accept_case(spring.call("agent", late), spring.intake())
    bring_up_to_date(NOW)
    assert words_of(Version.objects.get(pk=april.pk)) == before


def test_a_figure_reads_as_people_write_it(april: Version) -> None:
    said = saying(fact_rows(april))
    count = april.figures.get(query="measure=count&first=2024-04-01&last=2024-04-30")
    assert fill(f"共{{{count.key}}}件", said) == "共12件"
    assert count.value == Decimal(12)
