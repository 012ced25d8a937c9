"""Indicators that a centre defines itself, evidence files, owners and ages, alarms with causes, places kept."""

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from qushu.cases.actions import accept_case
from qushu.cases.tests.district import District
from qushu.hotline.measures import _short
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.measures import MEASURES, Cause, Measured, Span, SystemMeasure, offer
from qushu.ledger.actions import keep_document
from qushu.ledger.indicators.actions import (
    Answer,
    Definition,
    Survey,
    change_definition,
    decide_binding,
    define_indicator,
    entrust,
    keep_file_value,
    keep_survey,
    propose_binding,
    take_readings,
    watch_targets,
)
from qushu.ledger.indicators.actions.filling import answers_of_file
from qushu.ledger.indicators.expected import EXPECTED
from qushu.ledger.indicators.formula import BadFormula, operands, value_of
from qushu.ledger.indicators.models import Alarm, EvidenceFile
from qushu.ledger.indicators.offered import measure_of, offered
from qushu.ledger.indicators.queries import known_of, suggestions
from qushu.ledger.indicators.rules import FACTORS, UNKNOWN
from qushu.ledger.models import Binding, Reading, Target
from qushu.ledger.tests.made_document import made_document
from qushu.people.access import SYSTEM, Actor, GrantValue
from qushu.people.models import Notice
from qushu.people.tests.staff import log_in, make_account

NOW = timezone.now
YEAR = timezone.localdate().year


def person(role: str) -> Actor:
    account = make_account(role)
    return Actor(account.name, (GrantValue(role),), account.pk)


def span(year: int = YEAR) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31), NOW())


@pytest.fixture
def target(db: None, tmp_path: Path) -> Target:
    """An annual target of 90 %."""
    path = tmp_path / "b.txt"
    path.write_text(made_document(), encoding="utf-8")
    keep_document(SYSTEM, path, NOW())
    found = Target.objects.filter(project__isnull=False, scope="annual", unit="%").first()
    assert found is not None
    Target.objects.filter(pk=found.pk).update(operator=">=", number=90)
    found.refresh_from_db()
    return found


def bound(target: Target, code: str) -> None:
    asked = propose_binding(person("analyst"), target.pk, code, NOW())
    decide_binding(person("leader"), asked.pk, True, "", NOW())


# formulas


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("a.x + b.y", "15"),
        ("(a.x - b.y) * 2", "10"),
        ("a.x / b.y", "2"),
        ("-a.x + 0.1", "-9.9"),
        ("a.x / (b.y - 5)", None),
        ("a.none + 1", None),
    ],
)
def test_formulas_are_exact_and_say_nothing_where_nothing_can_be_said(formula: str, expected: str | None) -> None:
    values = {"a.x": Decimal(10), "b.y": Decimal(5), "a.none": None}
    assert value_of(formula, values) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "1 + 1",
        "a",
        "a.b.c",
        "a.x ** 2",
        "__import__('os').system('x')",
        "a.x if 1 else 2",
        "a.x +",
        "f(a.x)",
        "'a'.x",
    ],
)
def test_anything_else_is_no_formula(formula: str) -> None:
    with pytest.raises(BadFormula):
        operands(formula)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_formulas(text: str) -> None:
    with suppress(BadFormula):
        assert operands(text)


def test_a_formula_reads_its_operands_and_its_hash_follows_theirs(district: District) -> None:
    said = Definition("formula", "日均受理", "件", "more", "受理件数 ÷ 366", "hotline.accepted / 366")
    own = define_indicator(person("analyst"), said, NOW())
    before = offered()[own.code].read(span(2024))
    for number in range(3):
        accept_case(district.call("agent", timedelta(minutes=number)), district.intake())
    after = offered()[own.code].read(span(2024))
    assert (before.value, after.value, after.rows) == (0, Decimal("0.0082"), 3)
    assert before.digest != after.digest


@pytest.mark.parametrize("formula", ["nothing.here + 1", "own.i1 * 2", "hotline.accepted +"])
def test_a_formula_over_what_is_not_there_or_another_formula_is_refused(db: None, formula: str) -> None:
    define_indicator(person("analyst"), Definition("formula", "甲", "件", "more", "口径", "hotline.accepted"), NOW())
    with pytest.raises(Refused, match="没有保存"):
        define_indicator(person("analyst"), Definition("formula", "乙", "件", "more", "口径", formula), NOW())


def test_a_changed_definition_is_another_version(db: None) -> None:
    analyst = person("analyst")
    own = define_indicator(analyst, Definition("formula", "甲", "件", "more", "口径", "hotline.accepted"), NOW())
    take_readings(YEAR, NOW(), own.code)
    change_definition(analyst, own.pk, "口径二", "hotline.accepted * 2", NOW())
    take_readings(YEAR, NOW(), own.code)
    assert list(Reading.objects.order_by("pk").values_list("version", flat=True)) == [1, 2]


def test_a_bound_indicator_that_is_changed_waits_for_another_person_again(target: Target) -> None:
    analyst, leader = person("analyst"), person("leader")
    said = Definition("formula", "甲", target.unit, "more", "口径", "hotline.accepted")
    own = define_indicator(analyst, said, NOW())
    asked = propose_binding(analyst, target.pk, own.code, NOW())
    decide_binding(leader, asked.pk, True, "", NOW())
    change_definition(analyst, own.pk, "口径二", "hotline.accepted * 2", NOW())
    assert not Binding.objects.filter(target=target, approved=True).exists()
    waiting = Binding.objects.get(target=target, approved__isnull=True)
    with pytest.raises(Refused, match="不能自己审核"):
        decide_binding(analyst, waiting.pk, True, "", NOW())
    assert decide_binding(leader, waiting.pk, True, "", NOW()).approved


@pytest.mark.parametrize("formula", ["a.x * 1e999999 * 1e9", "a.x / 0", "a.x * 1e40", "a.x * 1e16"])
def test_a_formula_that_comes_to_nothing_that_can_be_kept_has_no_value(formula: str) -> None:
    assert value_of(formula, {"a.x": Decimal(3)}) is None


# surveys


def survey_indicator() -> int:
    return define_indicator(
        person("analyst"), Definition("survey", "对数据分析工作满意度", "%", "more", "满意 ÷ 答卷"), NOW()
    ).pk


ANSWERS = [Answer("满意", 90, True), Answer("一般", 8, False), Answer("不满意", 2, False)]


def test_a_survey_is_the_share_of_answers_that_count(db: None) -> None:
    own_id = survey_indicator()
    for day in (date(YEAR, 1, 2), date(YEAR, 1, 5)):
        keep_survey(person("analyst"), own_id, Survey(day, day, 120, ANSWERS), NOW())
    measure = measure_of(f"own.i{own_id}")
    assert measure is not None
    found = measure.read(span())
    assert (found.value, found.rows) == (90, 200)
    assert measure.read(span(YEAR - 1)).value is None


@pytest.mark.parametrize(
    "said",
    [
        Survey(date(2025, 2, 1), date(2025, 1, 1), 200, ANSWERS),
        Survey(date(2025, 1, 1), date(2025, 1, 1), 50, ANSWERS),
        Survey(date(2025, 1, 1), date(2025, 1, 1), 50, []),
    ],
)
def test_impossible_surveys_are_refused(db: None, said: Survey) -> None:
    with pytest.raises(Refused, match="没有保存"):
        keep_survey(person("analyst"), survey_indicator(), said, NOW())


def test_answers_come_from_a_table_and_a_bad_line_is_named() -> None:
    good = "答案,人数,计入\n满意,90,是\n不满意,10,否\n".encode()
    assert answers_of_file(("a.csv", good)) == [Answer("满意", 90, True), Answer("不满意", 10, False)]
    with pytest.raises(Refused, match="第 3 行"):
        answers_of_file(("a.csv", "答案,人数,计入\n满意,90,是\n不满意,几个,否\n".encode()))
    with pytest.raises(Refused, match="CSV 或 XLSX"):
        answers_of_file(("a.exe", b"x"))


# files


def test_a_file_says_one_value_and_is_its_own_evidence(target: Target) -> None:
    analyst = person("analyst")
    own = define_indicator(analyst, Definition("file", "市级考核得分", "%", "more", "市里通报"), NOW())
    bound(target, own.code)
    data = "指标,数值\n考核得分,95.5\n".encode()
    keep_file_value(analyst, own.pk, timezone.localdate(), ("通报.csv", data), NOW())
    take_readings(YEAR, NOW(), own.code)
    (known,) = known_of([target], YEAR, NOW())
    assert (known.source, known.value, known.source_words) == ("file", Decimal("95.5"), "文件载明")
    assert known.reading is not None
    assert bytes(known.reading.digest) == bytes(EvidenceFile.objects.get().digest)


@pytest.mark.parametrize(
    "rows", ["数值\n1\n2\n", "数值\n很多\n", "别的\n1\n", "数值\nNaN\n", "数值\n1e20\n", "数值\n=1+1\n"]
)
def test_a_file_that_does_not_say_one_value_is_refused(db: None, rows: str) -> None:
    own = define_indicator(person("analyst"), Definition("file", "得分", "%", "more", "通报"), NOW())
    with pytest.raises(Refused, match="什么也没有"):
        keep_file_value(person("analyst"), own.pk, date(2025, 1, 1), ("a.csv", rows.encode()), NOW())
    assert not EvidenceFile.objects.exists()


def test_a_value_that_a_formula_gave_is_no_evidence(db: None) -> None:
    own = define_indicator(person("analyst"), Definition("file", "得分", "%", "more", "通报"), NOW())
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["A2"] = "数值", "=95+1"
    file = io.BytesIO()
    workbook.save(file)
    with pytest.raises(Refused, match="A2 是公式"):
        keep_file_value(person("analyst"), own.pk, date(2025, 1, 1), ("a.xlsx", file.getvalue()), NOW())
    assert not EvidenceFile.objects.exists()


# evidence


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


def test_a_statement_carries_its_files_and_they_can_be_opened(target: Target) -> None:
    analyst = log_in(make_account("analyst"))
    said = {"value": "95", "evidence": "台账", "proofs": [SimpleUploadedFile("台账.png", picture())], "year": YEAR}
    assert analyst.post(f"/ledger/targets/{target.pk}/state/", said).status_code == 302
    kept = EvidenceFile.objects.get()
    assert "台账.png" in analyst.get(f"/ledger/targets/{target.pk}/?year={YEAR}").text
    opened = analyst.get(f"/ledger/targets/evidence/{kept.pk}/")
    assert opened["X-Content-Type-Options"] == "nosniff" and b"PNG" in b"".join(opened.streaming_content)
    assert log_in(make_account("agent")).get(f"/ledger/targets/evidence/{kept.pk}/").status_code == 403


def test_a_file_of_another_kind_keeps_the_statement_from_being_saved(target: Target) -> None:
    analyst = log_in(make_account("analyst"))
    said = {"value": "95", "evidence": "台账", "proofs": [SimpleUploadedFile("a.html", b"<script>")], "year": YEAR}
    answer = analyst.post(f"/ledger/targets/{target.pk}/state/", said)
    assert answer.status_code == 422 and "不是可以接收的类型" in answer.text
    assert not target.statements.exists()


# owners, ages, alarms


@pytest.fixture
def slow(db: None) -> "Callable[[], None]":
    """A measure that says 80 % of anything, with a cause."""

    def read(span: Span) -> Measured:
        return Measured(Decimal(80), 10, b"\0" * 32)

    def causes(span: Span, wanted: Decimal) -> list[Cause]:
        return [Cause(f"承办单位“水务局”比承诺少 1 件（承诺 {wanted}）", "/assessment/")]

    known = dict(MEASURES)
    offer(
        SystemMeasure("test.rate", "测试", "率", "%", "口径", 1, "more", False, read, lambda span: "/", causes=causes)
    )
    yield  # type: ignore[misc]
    MEASURES.clear()
    MEASURES.update(known)


def test_a_target_that_will_be_missed_is_told_once_to_its_owner_with_causes(target: Target, slow: None) -> None:
    bound(target, "test.rate")
    owner = make_account("analyst")
    june = NOW().replace(month=6, day=15)  # on the last day nothing is forecast any more
    entrust(person("administrator"), "test.rate", owner.pk, 24, june)
    take_readings(YEAR, june, "test.rate")
    (alarm,) = watch_targets(YEAR, june)
    assert watch_targets(YEAR, june) == []
    assert "预计年末 80%" in alarm.words
    assert alarm.causes == [["承办单位“水务局”比承诺少 1 件（承诺 90.0000）", "/assessment/"]]
    assert Notice.objects.filter(account=owner, urgent=True).count() == 1
    page = log_in(make_account("leader")).get(f"/ledger/targets/{target.pk}/?year={YEAR}").text
    assert "水务局" in page and "可能完不成" in page


def test_an_alarm_ends_when_the_promise_is_kept_again(target: Target, slow: None) -> None:
    bound(target, "test.rate")
    take_readings(YEAR, NOW(), "test.rate")
    watch_targets(YEAR, NOW())
    assert set(Notice.objects.values_list("role", flat=True)) >= {"leader", "analyst"}
    Target.objects.filter(pk=target.pk).update(number=70)
    watch_targets(YEAR, NOW())
    assert Alarm.objects.get().ended_at is not None


def test_a_value_older_than_its_owner_allows_shows_its_age(target: Target, slow: None) -> None:
    bound(target, "test.rate")
    entrust(person("administrator"), "test.rate", None, 240, NOW())
    june = NOW().replace(month=6, day=15)
    take_readings(YEAR, june, "test.rate")
    stale = [known_of([target], YEAR, june + timedelta(days=days))[0].stale_days for days in (9, 11)]
    assert stale == [0, 11]


@pytest.mark.parametrize(
    ("age", "words"), [(None, ""), (timedelta(hours=5.5), "5 小时前的值"), (timedelta(days=3, hours=2), "3 天前的值")]
)
def test_the_age_of_a_value_is_said_in_days_or_hours(target: Target, age: timedelta | None, words: str) -> None:
    (known,) = known_of([target], YEAR, NOW())
    assert replace(known, stale_for=age).age == words


def test_a_band_is_said_with_what_it_is_drawn_from(target: Target, slow: None) -> None:
    bound(target, "test.rate")
    (reading,) = take_readings(YEAR, NOW(), "test.rate")
    (known,) = known_of([target], YEAR, NOW())
    narrow = replace(known.standing, low=Decimal("85.331"), high=Decimal("85.33"))
    wide = replace(known.standing, low=Decimal("1250.5"), high=Decimal("1300"))
    assert [replace(known, standing=one).band for one in (narrow, wide, UNKNOWN)] == ["85.33%", "1,250.5 至 1,300%", ""]
    reading.recent_rate, reading.recent_day = None, None
    assert replace(known, reading=reading).expected_by == "按全年至今推算"
    reading.recent_rate = Decimal(80)
    assert replace(known, reading=reading).expected_by == "按全年至今和近四周推算"


@pytest.mark.parametrize(("owner", "hours"), [(None, 0), (999_999, 24)])
def test_an_owner_who_is_not_there_or_no_time_at_all_is_refused(db: None, owner: int | None, hours: int) -> None:
    with pytest.raises(Refused):
        entrust(person("administrator"), "hotline.accepted", owner, hours, NOW())
    with pytest.raises(Missing):
        entrust(person("administrator"), "nothing.here", None, 24, NOW())


def test_the_hotline_names_whole_cases_that_are_missing() -> None:
    assert _short(Decimal("2.1"), "more") == "比承诺少 3 件"
    assert _short(Decimal("2"), "less") == "比承诺多 2 件"


# places kept


def test_a_target_is_bound_to_a_system_that_is_still_to_come_and_measured_when_it_is_there(target: Target) -> None:
    bound(target, "exchange.up")
    (known,) = known_of([target], YEAR, NOW())
    assert (known.source, known.waits_for) == ("none", EXPECTED["exchange.up"])
    assert "等待数据共享交换接入" in log_in(make_account("leader")).get(f"/ledger/targets/{target.pk}/").text
    before = dict(MEASURES)
    offer(
        SystemMeasure("exchange.up", "数据共享交换", "平台正常运行率", "%", "口径", 1, "more", False, lambda span: Measured(Decimal(99), 5, b"\1" * 32), lambda span: "/")
    )  # fmt: skip
    try:
        take_readings(YEAR, NOW(), "exchange.up")
        assert known_of([target], YEAR, NOW())[0].value == 99
    finally:
        MEASURES.clear()
        MEASURES.update(before)


def test_places_kept_have_units_that_targets_use() -> None:
    assert {one.unit for one in EXPECTED.values()} <= {*FACTORS, "名"}


def test_running_measures_are_suggested_before_those_to_come(target: Target) -> None:
    found = [hasattr(one, "read") for one, _ in suggestions(target)]
    assert found == sorted(found, reverse=True)


# pages


def test_an_indicator_is_defined_filled_and_entrusted_on_its_pages(db: None) -> None:
    analyst = log_in(make_account("analyst"))
    said = {"kind": "survey", "name": "满意度", "unit": "%", "better": "more", "words": "满意 ÷ 答卷"}
    answer = analyst.post("/ledger/targets/indicators/", said)
    assert "/ledger/targets/indicators/" in answer["Location"]
    address = answer["Location"]
    filled = {"held_from": "2025-01-01", "held_to": "2025-01-31", "asked": 200, "answers": "满意 90 是\n不满意 10 否"}
    assert "已保存调查结果" in analyst.post(f"{address}survey/", filled, follow=True).text
    wrong = analyst.post(f"{address}survey/", {**filled, "answers": "满意 许多 是"})
    assert wrong.status_code == 422 and "第 1 行" in wrong.text
    assert analyst.get("/ledger/targets/indicators/duty/hotline.accepted/").status_code == 200
    done = analyst.post(
        "/ledger/targets/indicators/duty/hotline.accepted/", {"owner": "", "fresh_hours": 12}, follow=True
    )
    assert "12 小时" in done.text
    assert "满意度" in analyst.get("/ledger/targets/indicators/").text


def test_wrong_input_on_the_pages_is_said_beside_it(db: None) -> None:
    analyst = log_in(make_account("analyst"))
    bad = {
        "kind": "formula",
        "name": "甲",
        "unit": "件",
        "better": "more",
        "words": "口径",
        "formula": "hotline.accepted **",
    }
    answer = analyst.post("/ledger/targets/indicators/", bad)
    assert answer.status_code == 422 and "公式读不懂" in answer.text
