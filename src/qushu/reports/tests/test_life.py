"""A report's life: reviewed and signed by different people, frozen, corrected by a new version, drafted once by the clock."""

import hashlib
import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from qushu.cases.tests.district import District
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.measures import MEASURES, Span
from qushu.people.access import SYSTEM, actor_of
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in
from qushu.reports.actions import (
    archive_version,
    give_back,
    make_report,
    review_version,
    send_back,
    sign_version,
)
from qushu.reports.forms import NewReport
from qushu.reports.models import FindingRule, Report, ReportFigure, ReportFile, ReportTemplate, Version
from qushu.reports.periods import newest_ended, read_period
from qushu.reports.queries import strange_numbers, visible_reports
from qushu.reports.scheduling import make_due_drafts
from qushu.reports.tables import change_advice, change_rule, change_template
from qushu.reports.tests.seasons import DAY, NOW

APRIL = date(2024, 4, 1), date(2024, 4, 30)
HOUR = timedelta(hours=1)


@pytest.fixture
def draft(spring: District) -> Version:
    return make_report(spring.people["analyst"], "monthly", *APRIL, NOW)


def signed(spring: District, version: Version) -> Version:
    review_version(spring.people["supervisor"], version.pk, "属实", NOW + HOUR)
    return sign_version(spring.people["leader"], version.pk, NOW + 2 * HOUR)


def test_a_report_goes_from_draft_to_archive_and_leaves_its_trail(spring: District, draft: Version) -> None:
    done = signed(spring, draft)
    archive_version(spring.people["analyst"], done.pk, NOW + 3 * HOUR)
    kept = Version.objects.get(pk=draft.pk)
    assert kept.state == "archived" and kept.signed_by_id == spring.people["leader"].account_id
    for file in kept.files.all():
        assert hashlib.sha256(bytes(file.data)).hexdigest() == file.digest
    assert sorted(kept.files.values_list("form", flat=True)) == ["docx", "pdf"]
    trail = AuditEntry.objects.filter(subject=f"report:{draft.report_id}").order_by("id")
    assert list(trail.values_list("action", flat=True)) == [
        "report.made", "report.reviewed", "report.signed", "report.archived",
    ]  # fmt: skip


def test_nobody_reviews_or_signs_what_they_wrote_or_signs_what_they_reviewed(spring: District, draft: Version) -> None:
    with pytest.raises(Refused, match="起草人和修改人以外"):
        review_version(spring.people["analyst"], draft.pk, "", NOW)
    with pytest.raises(Forbidden):
        sign_version(spring.people["analyst"], draft.pk, NOW)
    review_version(spring.people["supervisor"], draft.pk, "", NOW)
    with pytest.raises(Refused, match="修改人或审核人"):
        sign_version(spring.people["supervisor"], draft.pk, NOW)
    with transaction.atomic(), pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(
            state="signed", signed_at=NOW, signed_by=spring.people["supervisor"].account_id
        )


def test_only_what_was_reviewed_is_signed(spring: District, draft: Version) -> None:
    with pytest.raises(Refused, match="草稿"):
        sign_version(spring.people["leader"], draft.pk, NOW)
    review_version(spring.people["supervisor"], draft.pk, "", NOW)
    with pytest.raises(Refused, match="理由"):
        send_back(spring.people["leader"], draft.pk, " ", NOW)
    assert send_back(spring.people["leader"], draft.pk, "再核对", NOW).state == "draft"


@pytest.mark.parametrize("role", ["agent", "dispatcher", "unit", "follow_up", "administrator"])
def test_other_roles_neither_review_nor_sign(spring: District, draft: Version, role: str) -> None:
    with pytest.raises(Forbidden):
        review_version(spring.people[role], draft.pk, "", NOW)


def test_a_signed_version_never_changes(spring: District, draft: Version) -> None:
    done = signed(spring, draft)
    for change in (
        lambda: Version.objects.filter(pk=done.pk).update(title="别的"),
        lambda: Version.objects.filter(pk=done.pk).update(state="draft"),
        lambda: ReportFigure.objects.filter(version=done).update(value=1),
        lambda: ReportFile.objects.filter(version=done).delete(),
        lambda: ReportFigure.objects.create(version=done, key="f9999", name="", unit="件"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_correction_is_a_new_version_with_a_reason(spring: District, draft: Version) -> None:
    done = signed(spring, draft)
    with pytest.raises(Refused, match="更正要写明原因"):
        make_report(spring.people["analyst"], "monthly", *APRIL, NOW)
    again = make_report(spring.people["analyst"], "monthly", *APRIL, NOW, reason="补录工单")
    assert (again.number, again.report_id) == (2, done.report_id)
    assert Version.objects.get(pk=done.pk).state == "signed"


def test_what_people_edited_is_what_is_signed(spring: District, draft: Version) -> None:
    from docx import Document

    edited = Document()
    edited.add_paragraph("4月受理12件，另有777件未统计。")
    file = io.BytesIO()
    edited.save(file)
    put = give_back(spring.people["analyst"], draft.pk, file.getvalue(), NOW)
    assert put.digest == hashlib.sha256(file.getvalue()).hexdigest()
    assert strange_numbers(draft, file.getvalue()) == ["777"]
    done = signed(spring, draft)
    kept = done.files.get(origin="signed")
    assert (kept.form, bytes(kept.data)) == ("docx", file.getvalue())


def test_who_edited_a_report_neither_reviews_nor_signs_it(spring: District, draft: Version) -> None:
    from docx import Document

    editor = actor_of(
        spring.people["leader"].account_id or 0, "编辑", [("analyst", None, None), ("leader", None, None)]
    )
    file = io.BytesIO()
    Document().save(file)
    give_back(editor, draft.pk, file.getvalue(), NOW)
    with pytest.raises(Refused, match="修改人以外"):
        review_version(editor, draft.pk, "", NOW)
    review_version(spring.people["supervisor"], draft.pk, "", NOW)
    with pytest.raises(Refused, match="修改人"):
        sign_version(editor, draft.pk, NOW)


def test_a_file_that_is_no_word_file_is_refused(spring: District, draft: Version) -> None:
    with pytest.raises(Refused, match="docx"):
        give_back(spring.people["analyst"], draft.pk, b"%PDF-1.7", NOW)


def test_the_clock_drafts_each_period_once(spring: District) -> None:
    ReportTemplate.objects.filter(kind="weekly").update(automatic=False)
    now = NOW.replace(month=5, day=7)
    first = make_due_drafts(now)
    assert [one.report.kind for one in first] == ["monthly"]
    assert make_due_drafts(now) == [] and Report.objects.count() == 1
    assert first[0].made_by_id is None


def test_the_ledger_counts_what_was_signed(spring: District, draft: Version) -> None:
    year = Span(date(2024, 1, 1), date(2024, 12, 31), NOW + DAY)
    measure = MEASURES["reports.monthly"]
    assert measure.read(year).value == 0
    signed(spring, draft)
    found = measure.read(year)
    assert (found.value, found.rows) == (Decimal(1), 1)
    again = make_report(spring.people["analyst"], "monthly", *APRIL, NOW, reason="更正")
    signed(spring, again)
    assert measure.read(year).value == 1
    assert MEASURES["reports.thematic"].read(year).value == 0
    assert "kind=monthly" in measure.rows_address(year)


def test_an_annual_report_is_in_time_until_the_end_of_february(spring: District) -> None:
    for signed_on, counts in ((date(2025, 2, 28), 1), (date(2025, 3, 1), 0)):
        with transaction.atomic():
            made = NOW.replace(year=2025, month=1)
            version = make_report(SYSTEM, "annual", date(2024, 1, 1), date(2024, 12, 31), made)
            at = NOW.replace(year=2025, month=signed_on.month, day=signed_on.day)
            review_version(spring.people["supervisor"], version.pk, "", at)
            sign_version(spring.people["leader"], version.pk, at)
            span = Span(date(2025, 1, 1), date(2025, 12, 31), at + DAY)
            assert MEASURES["reports.annual_in_time"].read(span).value == counts
            assert MEASURES["reports.annual"].read(span).value == 1
            transaction.set_rollback(True)


def test_templates_rules_and_advice_are_changed_with_a_trail_and_hold_no_digits(spring: District) -> None:
    analyst, said = spring.people["analyst"], {"masthead": "", "title": "{时段}", "addressed": "", "automatic": True}
    made = change_template(analyst, "monthly", said | {"body": "# 总体\n[受理总量]"}, NOW)
    assert made.version == 2
    for wrong in ("本月受理100件\n[受理总量]", "[没有的部分]", "只有文字", "{不认识}\n[受理总量]"):
        with pytest.raises(Refused):
            change_template(analyst, "monthly", said | {"body": wrong}, NOW)
    with pytest.raises(Refused, match="数字"):
        change_advice(analyst, None, {"signal": "up", "words": "24小时内办结"}, NOW)
    rule = FindingRule.objects.get(measure="count", dimension="street")
    change_rule(analyst, rule.pk, {"measure": "count", "dimension": "street", "strength": Decimal(3)}, NOW)
    with pytest.raises(Refused, match="已经有一条"):
        change_rule(analyst, None, {"measure": "count", "dimension": "street"}, NOW)
    with pytest.raises(Forbidden):
        change_advice(spring.people["leader"], None, {"signal": "up", "words": "。"}, NOW)
    assert AuditEntry.objects.filter(action__in=["report_template.changed", "finding_rule.changed"]).count() == 2


PAGES = (
    "reports",
    "new-report",
    "report-templates",
    "finding-rules",
    "report-advice",
    "new-finding-rule",
    "new-advice",
)


def test_a_units_leader_reads_what_was_signed_for_everybody_and_nothing_else(spring: District, draft: Version) -> None:
    leader = log_in(Account.objects.get(username="t-unit_leader"))
    page = reverse("report", args=[draft.report_id])
    assert leader.get(page).status_code == 404
    assert "没有报告" in leader.get(reverse("reports")).content.decode()
    done = signed(spring, draft)
    fresh = make_report(spring.people["analyst"], "monthly", *APRIL, NOW + DAY, reason="补录")
    make_report(spring.people["analyst"], "weekly", *APRIL, NOW)
    topic = make_report(spring.people["analyst"], "thematic", *APRIL, NOW, subject="供水")
    signed(spring, topic)
    assert list(visible_reports(spring.people["unit_leader"]).values_list("pk", "newest_number")) == [
        (draft.report_id, 1)
    ]
    words = leader.get(page).content.decode()
    assert done.title in words and "签发件" in words
    assert "第 2 版" not in words and "属实" not in words and "重新起草" not in words
    assert leader.get(page, {"version": fresh.number}).status_code == 404
    assert leader.get(reverse("report-file", args=[draft.report_id, 1, "pdf"])).content.startswith(b"%PDF")
    assert leader.get(reverse("report-file", args=[draft.report_id, 2, "pdf"])).status_code == 404
    assert leader.get(reverse("report", args=[topic.report_id])).status_code == 404
    assert log_in(Account.objects.get(username="t-unit")).get(page).status_code == 403


def test_pages_show_what_the_role_may_do(spring: District, draft: Version) -> None:
    for role in ("analyst", "leader", "supervisor", "agent", "administrator"):
        client = log_in(Account.objects.get(username=f"t-{role}"))
        reads, writes = role in ("analyst", "leader", "supervisor"), role == "analyst"
        for name in PAGES:
            wanted = 200 if (reads if name == "reports" else writes) else 403
            assert client.get(reverse(name)).status_code == wanted, (role, name)
        assert client.get(reverse("report", args=[draft.report_id])).status_code == (200 if reads else 403)
        if writes:
            for kind in ReportTemplate.objects.values_list("kind", flat=True):
                assert client.get(reverse("report-template", args=[kind])).status_code == 200


def test_a_report_is_made_reviewed_signed_and_downloaded_on_the_pages(spring: District) -> None:
    analyst, supervisor, leader = (
        log_in(Account.objects.get(username=f"t-{role}")) for role in ("analyst", "supervisor", "leader")
    )
    thematic = {"first": "2024-04-30", "last": "2024-04-01", "street": spring.street.pk}
    made = analyst.post(f"{reverse('new-report')}?kind=thematic", thematic)
    report = Report.objects.get()
    assert made.status_code == 302 and report.scope == f"street={spring.street.pk}"
    page = reverse("report", args=[report.pk])
    words = analyst.get(page).content.decode()
    assert (
        f"/overview/rows/?measure=count&amp;first=2024-04-01&amp;last=2024-04-30&amp;street={spring.street.pk}" in words
        or "measure=count" in words
    )
    assert "签发后这一版不能再改" not in words and "审核通过" not in words
    assert "审核通过" in supervisor.get(page).content.decode()
    supervisor.post(reverse("report-act", args=[report.pk, "review"]), {"version": "1"})
    leader.post(reverse("report-act", args=[report.pk, "sign"]), {"version": "1"})
    assert report.versions.get().state == "signed"
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = leader.get(reverse("report-file", args=[report.pk, 1, form]))
        assert answer.content.startswith(begins)
    assert AuditEntry.objects.filter(action="report.downloaded").count() == 2
    figures = leader.get(f"{page}?tab=figures").content.decode()
    assert "受理量 2024-04-01 至 2024-04-30" in figures
    assert (report.first, report.last) == (date(2024, 4, 1), date(2024, 4, 30))
    assert analyst.post(reverse("new-report"), {"period": "四月"}).status_code == 422


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("daily", ("2026-11-24", "2026年11月24日")),
        ("weekly", ("2026-W47", "2026年第47周（11月16日至11月22日）")),
        ("monthly", ("2026-10", "2026年10月")),
        ("annual", ("2025", "2025年")),
    ],
)
def test_a_new_report_is_about_the_newest_ended_period_unless_another_is_chosen(
    kind: str, first: tuple[str, str], db: None
) -> None:
    today = date(2026, 11, 25)
    form = NewReport(kind, today, today)
    assert "first" not in form.fields
    choices = list(form.fields["period"].choices)  # type: ignore[attr-defined]
    assert choices[0] == first
    spans = [read_period(kind, code) for code, _ in choices]
    assert spans[0] == newest_ended(kind, today) and len(set(spans)) == len(spans)
    assert all(later[0] - earlier[1] == DAY for later, earlier in pairwise(spans))


def test_a_thematic_report_begins_with_the_days_of_last_month(db: None) -> None:
    form = NewReport("thematic", date(2026, 11, 25), None)
    assert (form.initial["first"], form.initial["last"]) == (date(2026, 10, 1), date(2026, 10, 31))
    assert "period" not in form.fields


@pytest.mark.parametrize(
    ("kind", "first"),
    [("daily", "2018-12-01"), ("weekly", "2018-W48"), ("monthly", "2018-12"), ("annual", "2018")],
)
def test_where_the_newest_case_is_of_years_ago_its_period_is_offered_first(kind: str, first: str, db: None) -> None:
    form = NewReport(kind, date(2026, 11, 25), date(2018, 12, 1))
    assert next(iter(form.fields["period"].choices))[0] == first  # type: ignore[attr-defined]


def test_a_thematic_report_of_years_ago_begins_with_its_newest_month(db: None) -> None:
    form = NewReport("thematic", date(2026, 11, 25), date(2018, 12, 1))
    assert (form.initial["first"], form.initial["last"]) == (date(2018, 12, 1), date(2018, 12, 31))
