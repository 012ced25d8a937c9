"""Pages of a document's own text: by line, and the figures of its narrative with their sentences."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from .models import BudgetDocument, DocumentFigure
from .original import Note, page_of_lines
from .queries import document_of
from .reading.narrative import marked


@never_cache
@require_GET
@allowed("budget.read")
def text(request: Request, document_id: int) -> HttpResponse:
    """The document by line: the page on which `?line=` stands, that line marked, with what was found on each."""
    document = document_of(document_id)
    asked = request.GET.dict()
    shown = {"document": document, "page": page_of_lines(document.text, asked, _notes(document))}
    return render(request, "ledger/text.html", shown)


def _notes(document: BudgetDocument) -> dict[int, list[Note]]:
    notes: dict[int, list[Note]] = {}
    for finding in document.findings.all():
        for line in dict.fromkeys(finding.lines):
            others = tuple(other for other in finding.lines if other != line)
            notes.setdefault(line, []).append(Note(finding.words, others))
    for part in document.unreadparts.all():
        notes.setdefault(part.line, []).append(Note(f"{part.where}：{part.why}", is_finding=False))
    return notes


@never_cache
@require_GET
@allowed("budget.read")
def figures(request: Request, document_id: int) -> HttpResponse:
    """Every figure of the narrative with its sentence and line."""
    document = document_of(document_id)
    page = page_of(DocumentFigure.objects.filter(document=document), ("place",), request.GET.dict())
    rows = [(one, marked(one.sentence, one.value, one.unit)) for one in page]
    shown = {"document": document, "page": page, "rows": rows, "all": document.documentfigures.count()}
    return render(request, "ledger/figures.html", shown)
