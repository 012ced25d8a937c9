"""Pages that look over a book: three years side by side, and what a cut would do."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..models import Book, BudgetLine, Target
from .cutting import Share, cut_by_amount, cut_by_percent
from .forms import CutForm
from .queries import all_month_ends
from .rolling import three_years
from .rules import ZERO, Balance


@never_cache
@require_GET
@allowed("budget.read")
def years(request: Request, book_id: int) -> HttpResponse:
    """Budgets and payments of three years, project by project."""
    book = get_object_or_404(Book, pk=book_id)
    rows = three_years(book.department, book.year)
    at = [book.year - 2, book.year - 1, book.year]
    totals = [sum((row.budgets[place] or ZERO for row in rows), ZERO) for place in range(3)]
    shown = {"book": book, "rows": rows, "years": at, "totals": totals, "stated": any(any(row.stated) for row in rows)}
    return render(request, "ledger/book_years.html", shown)


@never_cache
@require_GET
@allowed("budget.read")
def cut(request: Request, book_id: int) -> HttpResponse:
    """A cut that is only thought about: its part for each line, what is out of reach, the targets behind."""
    book = get_object_or_404(Book, pk=book_id)
    lines = list(BudgetLine.objects.filter(book=book, category="project").order_by("pk"))
    ends = all_month_ends(book)
    projects = list(dict.fromkeys((line.project_code, line.project_name) for line in lines))
    economic = sorted({(line.economic_code, f"{line.economic_code} {line.economic_name}") for line in lines})
    asked = bool(request.GET.get("percent") or request.GET.get("amount"))
    form = CutForm(request.GET if asked else None, projects, economic)
    shown: dict[str, object] = {"book": book, "form": form}
    if asked and form.is_valid():
        said = form.cleaned_data
        chosen = [
            line
            for line in lines
            if (not said["projects"] or line.project_code in said["projects"])
            and (not said["economic"] or line.economic_code in said["economic"])
        ]
        balances = [(line.pk, ends.get(line.pk, [Balance()] * 12)[-1]) for line in chosen]
        try:
            shares = (
                cut_by_percent(balances, said["percent"])
                if said["percent"]
                else cut_by_amount(balances, said["amount"])
            )
            shown |= _told(book, chosen, shares)
        except ValueError:
            budget = sum((one.budget for _, one in balances), ZERO)
            form.add_error("amount", f"所选明细的预算一共 {budget} 元，压减金额要大于零、不超过它。")
    return render(request, "ledger/book_cut.html", shown, status=422 if form.errors else 200)


def _told(book: Book, lines: list[BudgetLine], shares: list[Share]) -> dict[str, object]:
    by_line = {line.pk: line for line in lines}
    document = book.version.document if book.version else None
    codes = {line.project_code for line in lines}
    targets = Target.objects.filter(project__code__in=codes, project__document__year=book.year, scope="annual")
    targets = targets.filter(project__document=document) if document else targets
    projects: dict[str, dict[str, object]] = {}
    for share in shares:
        line = by_line[share.line_id]
        one = projects.setdefault(line.project_code, {"name": line.project_name, "lines": [], "targets": []})
        one["lines"].append((line, share))  # type: ignore[attr-defined]
    for target in targets.select_related("project").order_by("place"):
        projects[target.project.code]["targets"].append(target)  # type: ignore[union-attr, attr-defined]
    sums = {
        name: sum((getattr(share, name) for share in shares), Decimal(0))
        for name in ("budget", "cut", "left", "beyond")
    }
    return {"projects": list(projects.values()), "sums": sums}
