"""Every page with a list offers it as XLSX and CSV: by the dialog of the exports, or by links to both files."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

import qushu
from qushu.cases import exports
from qushu.cases.exports import LISTS, ask_export, export_of, write_export
from qushu.kernel.tables import read_table
from qushu.people.models import Account, AuditEntry, Export
from qushu.people.tests.staff import log_in

SOURCES = Path(qushu.__file__).parent
WITHOUT = {
    "hotline/assessment/edit.html": "a form",
    "hotline/assessment/scheme.html": "one version of a scheme; the schemes are exported",
    "hotline/assessment/trend.html": "figures of the assessment, which exports them month by month",
    "hotline/duty/plan.html": "a look at what a form would do",
    "cases/merge.html": "a form with candidates",
    "codes/elsewhere.html": "the emergency numbers that a form needs",
    "codes/trial.html": "an answer to a trial",
    "insight/overview/overview.html": "figures, each of which opens its rows",
    "insight/warnings/rule.html": "a form with its trial",
    "insight/matters/rule.html": "a form with its trial",
    "insight/understanding/accuracy.html": "figures, each of which opens its rows",
    "reports/report.html": "exported as Word and PDF",
    "ledger/evaluation.html": "a form, exported as Word and PDF",
    "ledger/project.html": "one project's form; the projects are exported",
    "ledger/indicator.html": "one indicator with its values; the indicators are exported",
    "ledger/text.html": "the document itself, line by line",
    "ledger/table.html": "one of the twelve tables, which are exported together",
    "ledger/version_start.html": "a form",
    "ledger/version_bring.html": "a look at what a file would do",
    "ledger/book_bring.html": "a look at what a file would do",
    "ledger/bindings.html": "forms over rows of the targets, which are exported",
    "ledger/book_cut.html": "a calculation of which nothing is kept",
    "people/import.html": "a look at what a file would do",
    "people/profile.html": "a person's own sessions",
    "people/account.html": "one account; the accounts are exported",
}
"""Pages with a table that isn't a list to take away, and why."""


def pages_with_tables() -> dict[str, str]:
    """The text of every template of a whole page that holds a table or a pager, by the template's name."""
    found = {}
    for path in sorted(SOURCES.glob("**/templates/**/*.html")):
        text = path.read_text()
        if '{% extends "base.html" %}' in text and re.search(r'<table class="table|\{% pager|_table\.html"', text):
            found[str(path).rpartition("/templates/")[2]] = text
    return found


def exports_itself(text: str) -> bool:
    dialog = "cases/export_button.html" in text and "cases/export_dialog.html" in text
    links = {form for form in ("xlsx", "csv") if re.search(rf'\{{% url "[\w:-]*export" [^%]*"{form}" %\}}', text)}
    return dialog or links == {"xlsx", "csv"} or "ledger/export.html" in text


def test_every_page_with_a_list_exports_it():
    pages = pages_with_tables()
    missing = {name for name, text in pages.items() if not exports_itself(text)}
    assert missing == set(WITHOUT) & set(pages) == set(WITHOUT)
    assert len(pages) > 60


def test_every_list_that_is_known_is_offered_by_a_page():
    code = "\n".join(path.read_text() for path in SOURCES.rglob("*.py") if "tests" not in path.parts)
    offered = re.findall(r"export_of\(\s*request\.actor,([^)]*)\)", code)
    assert len(offered) >= 25
    assert {kind for kind in LISTS if not re.search(rf'"{kind}"', code)} == set()


@pytest.fixture
def everyone(district, settings, tmp_path) -> Account:
    """Somebody who has every role that has no unit."""
    settings.HOME, settings.QUSHU_LAKE = tmp_path, str(tmp_path / "lake")
    account = Account.objects.get(username="t-supervisor")
    for role in ("dispatcher", "follow_up", "analyst", "leader", "administrator"):
        account.grants.get_or_create(role=role, unit=None)
    return account


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", sorted(LISTS))
def test_every_list_is_written_and_fetched_as_both_kinds_of_file(everyone, kind, form):
    actor = exports._actor(everyone)
    export = ask_export(actor, form, "", "", timezone.now(), kind)
    write_export(export.pk)
    export.refresh_from_db()
    assert (export.finished_at is not None, export.error, export.done) == (True, "", export.total)
    answer = log_in(everyone).get(f"/exports/{export.pk}/file/")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    path = exports.folder() / "read" / f"a.{form}"
    path.parent.mkdir()
    path.write_bytes(content)
    assert len(list(read_table(path))) == export.total
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.data["list"]) == ("case.exported", kind)


def test_who_may_not_export_a_list_is_not_offered_it_and_gets_nothing(district):
    leader, agent = district.people["leader"], district.people["agent"]
    assert export_of(leader, "judgements")["export_form"] is None
    assert export_of(leader, "frozen-periods")["export_lists"] == [("frozen-periods", "已固定的考核")]
    for actor, kind in ((leader, "judgements"), (agent, "frozen-periods"), (agent, "schemes")):
        with pytest.raises(exports.Forbidden):
            ask_export(actor, "csv", "", "", timezone.now(), kind)
    assert not Export.objects.exists()


def test_a_list_without_citizens_data_is_never_called_unmasked(district):
    actor = district.people["supervisor"]
    assert "unmasked_reason" not in export_of(actor, "faults")["export_form"].fields
    assert ask_export(actor, "csv", "", "要看", timezone.now() + timedelta(days=1), "faults").unmasked_reason == ""
