"""Every finding, unread part and figure opens the line of the document in which it stands."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from qushu.ledger.actions import keep_document
from qushu.ledger.models import BudgetDocument, DocumentFigure, Finding
from qushu.ledger.original import SIZE, Note, page_of_lines
from qushu.ledger.reading.narrative import marked
from qushu.people.access import SYSTEM
from qushu.people.models import AuditEntry
from qushu.people.tests.staff import log_in, make_account

from .made_full import full_document

TEXT = "\n".join(f"第{n}句" if n % 2 else "" for n in range(1, 601))


def numbers(**asked: str) -> list[int]:
    return [one.number for one in page_of_lines(TEXT, asked, {})]


def test_pages_follow_each_other_without_empty_lines_and_are_the_same_in_both_directions() -> None:
    first = page_of_lines(TEXT, {}, {})
    assert (len(first), first.previous_cursor) == (SIZE, None)
    second = page_of_lines(TEXT, {"after": first.next_cursor or ""}, {})
    last = page_of_lines(TEXT, {"after": second.next_cursor or ""}, {})
    assert [one.number for page in (first, second, last) for one in page] == list(range(1, 600, 2))
    assert last.next_cursor is None
    assert numbers(before=last.previous_cursor or "") == [one.number for one in second]
    assert numbers(before=second.previous_cursor or "") == [one.number for one in first]


def test_the_line_that_is_asked_for_is_on_its_page_and_marked_even_when_it_is_empty() -> None:
    for line in (1, 199, 200, 201, 599):
        page = page_of_lines(TEXT, {"line": str(line)}, {})
        assert [one.number for one in page if one.chosen] == [line]
    noted = page_of_lines(TEXT, {}, {4: [Note("空行")]})
    assert [one.number for one in noted if one.notes] == [4]


@pytest.mark.parametrize("name", ["line", "after", "before"])
@pytest.mark.parametrize("odd", ["0", "601", "-1", "²", "9" * 30, "a"])
def test_an_odd_address_shows_a_page(name: str, odd: str) -> None:
    assert len(numbers(**{name: odd})) == SIZE


def test_an_empty_document_has_an_empty_page() -> None:
    assert list(page_of_lines("", {"line": "1"}, {})) == []


def test_a_figure_is_marked_in_its_sentence() -> None:
    pieces = marked("收入 20 万元，减少20万元，下降 20%。", Decimal(20), "万元")
    assert [words for words, is_figure in pieces if is_figure] == ["20 万元", "20万元"]
    assert "".join(words for words, _ in pieces) == "收入 20 万元，减少20万元，下降 20%。"


@pytest.fixture
def document(db: None, tmp_path: Path) -> BudgetDocument:
    path = tmp_path / "预算.txt"
    path.write_text(full_document().replace("事务支出 117 万元", "事务支出 120 万元"), encoding="utf-8")
    return keep_document(SYSTEM, path, timezone.now())


@pytest.fixture
def analyst(db: None) -> Client:
    return log_in(make_account("analyst"))


def page(client: Client, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.fromstring(answer.content.decode())


def chosen(client: Client, address: str) -> html.HtmlElement:
    (row,) = page(client, address).xpath("//tr[contains(@class, 'is-chosen')]")
    return row


def links(shown: html.HtmlElement) -> list[str]:
    return [str(address) for address in shown.xpath(".//a/@href") if "#line-" in str(address)]


def place(document: BudgetDocument, line: int) -> str:
    return f"{reverse('budget-text', args=[document.pk])}?line={line}#line-{line}"


def test_each_place_of_a_finding_opens_its_line_and_names_the_other(document: BudgetDocument, analyst: Client) -> None:
    finding = Finding.objects.get(rule="narrative_parts")
    (panel,) = page(analyst, f"{reverse('budget')}?document={document.pk}").xpath("//*[@id='findings']")
    assert {place(document, line) for line in finding.lines} <= set(links(panel))
    for line, other in zip(finding.lines, finding.lines[::-1], strict=True):
        row = chosen(analyst, place(document, line))
        assert row.get("id") == f"line-{line}"
        assert finding.words in row.text_content()
        assert place(document, other) in links(row)
    assert "其他农村支出 3 万元" in chosen(analyst, place(document, finding.lines[0])).text_content()


def test_unread_parts_projects_and_targets_open_their_line(document: BudgetDocument, analyst: Client) -> None:
    unread, project, target = (of.all()[0] for of in (document.unreadparts, document.projects, document.targets))
    for address, line in (
        (f"{reverse('budget')}?document={document.pk}", unread.line),
        (reverse("budget-project", args=[document.pk, project.code]), project.line),
        (reverse("target", args=[target.pk]), target.line),
    ):
        assert place(document, line) in links(page(analyst, address)), address
    assert unread.why in chosen(analyst, place(document, unread.line)).text_content()


def test_every_figure_stands_in_its_sentence_with_its_line(document: BudgetDocument, analyst: Client) -> None:
    shown = page(analyst, reverse("budget-figures", args=[document.pk]))
    figures = list(DocumentFigure.objects.filter(document=document).order_by("place"))
    rows = shown.xpath("//tbody/tr[td]")
    assert len(rows) == len(figures) > 20
    for row, figure in zip(rows, figures, strict=True):
        assert row.xpath(".//mark")
        assert links(row) == [place(document, figure.line)]
    exported = analyst.get(f"{reverse('ledger-export', args=['figures', 'csv'])}?document={document.pk}")
    assert len(exported.getvalue().decode("utf-8-sig").splitlines()) == len(figures) + 1


def test_a_kept_document_is_checked_again_by_todays_rules(document: BudgetDocument, analyst: Client) -> None:
    found = list(document.findings.values_list("rule", "words", "lines"))
    document.findings.all().delete()
    Finding.objects.create(document=document, place=1, line=1, rule="old", words="旧规则", lines=[1, 2])
    address = reverse("budget-check", args=[document.pk])
    assert analyst.post(address).status_code == 403
    administrator = log_in(make_account("administrator"))
    assert administrator.get(address).status_code == 405
    shown = administrator.post(address, follow=True)
    assert f"{len(found)} 处不一致（原来 1 处）" in shown.content.decode()
    assert list(document.findings.values_list("rule", "words", "lines")) == found
    entry = AuditEntry.objects.get(action="budget.document_checked")
    assert entry.data == {"findings_before": 1, "findings": len(found)}
    assert administrator.post(reverse("budget-check", args=[document.pk + 1])).status_code == 404


def test_the_text_is_for_who_may_see_the_budget(document: BudgetDocument, analyst: Client) -> None:
    agent = log_in(make_account("agent"))
    for name in ("budget-text", "budget-figures"):
        assert agent.get(reverse(name, args=[document.pk])).status_code == 403
        assert analyst.get(reverse(name, args=[document.pk + 1])).status_code == 404


def test_markup_in_a_document_is_shown_as_words(db: None, tmp_path: Path, analyst: Client) -> None:
    path = tmp_path / "预算.txt"
    path.write_text(full_document().replace("部门主要职能", "<script>alert(1)</script>"), encoding="utf-8")
    kept = keep_document(SYSTEM, path, timezone.now())
    answer = analyst.get(reverse("budget-text", args=[kept.pk]))
    assert b"&lt;script&gt;alert(1)" in answer.content
