"""Every list as a file: the rows that its page shows, for whoever may read the budget."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qushu.ledger.actions import keep_document
from qushu.ledger.booking.actions import open_book
from qushu.ledger.evaluation.actions import draw_up
from qushu.ledger.lists import SHEETS
from qushu.ledger.models import BudgetDocument, Target
from qushu.people.access import SYSTEM
from qushu.people.actors import actor_for
from qushu.people.models import AuditEntry
from qushu.people.tests.staff import log_in, make_account

from .made_document import made_document

NOW = timezone.now()


@pytest.fixture
def document(db: None, tmp_path: Path) -> BudgetDocument:
    path = tmp_path / "预算.txt"
    path.write_text(made_document(), encoding="utf-8")
    return keep_document(SYSTEM, path, NOW)


@pytest.fixture
def analyst(db: None) -> Client:
    return log_in(make_account("analyst"))


def lines(client: Client, kind: str, query: str = "") -> list[str]:
    answer = client.get(f"{reverse('ledger-export', args=[kind, 'csv'])}?{query}")
    assert answer.status_code == 200, kind
    return answer.getvalue().decode("utf-8-sig").splitlines()


def test_every_list_comes_as_csv_and_as_a_workbook(document: BudgetDocument, analyst: Client) -> None:
    book = open_book(SYSTEM, document, NOW)
    query = f"book={book.pk}&line={book.lines.all()[0].pk}&year={document.year}"
    for kind, sheet in SHEETS.items():
        head = ",".join(column.title for column in sheet.columns)
        assert lines(analyst, kind, query)[0] == head
        content = analyst.get(f"{reverse('ledger-export', args=[kind, 'xlsx'])}?{query}").content
        rows = openpyxl.load_workbook(io.BytesIO(content)).active.max_row  # type: ignore[union-attr]
        assert rows == len(lines(analyst, kind, query))
    assert AuditEntry.objects.filter(action="export.made", subject="sheet:targets").count() == 3


def test_a_file_holds_what_the_filters_of_its_page_leave(document: BudgetDocument, analyst: Client) -> None:
    annual = Target.objects.filter(document=document, scope="annual")
    assert len(lines(analyst, "targets", "scope=annual")) == annual.count() + 1
    assert len(lines(analyst, "targets", "source=measured")) == 1
    writer = actor_for(make_account("analyst"))
    draw_up(writer, document.pk, None, "monitor", NOW.date().replace(year=document.year), NOW)
    assert len(lines(analyst, "evaluations", "state=drafted")) == 2
    assert len(lines(analyst, "evaluations", "state=signed")) == 1
    book = open_book(SYSTEM, document, NOW)
    assert len(lines(analyst, "book", f"book={book.pk}")) == book.lines.count() + 1


@pytest.mark.parametrize("name", ["q", "owner", "scope", "level1", "source", "light", "year", "waiting", "after"])
@pytest.mark.parametrize("odd", ["²", "9" * 30, "a\0b", ""])
def test_odd_words_in_the_address_of_the_targets_are_answered(
    name: str, odd: str, document: BudgetDocument, analyst: Client
) -> None:
    assert analyst.get(reverse("targets"), {name: odd}).status_code in (200, 302, 400, 404)


def test_what_is_not_there_is_not_found(document: BudgetDocument, analyst: Client) -> None:
    for address in ("nothing.csv", "targets.pdf", "book.csv", "book.csv?book=²", "projects.csv?document=0"):
        assert analyst.get(f"/ledger/lists/{address}").status_code == 404, address
    assert log_in(make_account("agent")).get("/ledger/lists/targets.csv").status_code == 403


def test_the_targets_stand_project_by_project_on_pages(document: BudgetDocument, analyst: Client) -> None:
    last = document.targets.order_by("place").last()
    assert last is not None and last.project_id
    Target.objects.bulk_create(
        Target(document=document, project_id=last.project_id, place=last.place + n, line=1, scope="annual",
               level1="产出指标", level2="数量指标", name=f"指标{n}", operator=">=", number=n, unit="个")
        for n in range(1, 60)
    )  # fmt: skip
    seen: list[int] = []
    address = reverse("targets")
    while address:
        context = analyst.get(address).context
        seen += [known.target.pk for known in context["rows"]]
        assert len(context["rows"]) <= 50
        cursor = context["page"].next_cursor
        address = f"{reverse('targets')}?after={cursor}" if cursor else ""
    assert seen == list(document.targets.order_by("place").values_list("pk", flat=True))
    owners = [document.targets.get(pk=pk).project_id for pk in seen]
    assert len(set(owners)) == sum(one != before for before, one in zip([0, *owners], owners, strict=False))
