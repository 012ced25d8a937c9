"""Pages of the books: all departments, one book by project and month, a line's entries, contracts and payments."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.requests import Request

from ..models import Book, BookFile, BudgetLine, BudgetVersion, Contract, PaymentOrder
from ..queries import asked_year
from ..uploads import SheetForm, received, say_refused
from ..versions.queries import stage_word
from .actions import close_month, enter
from .bringing import COLUMNS, LINE_COLUMNS, bring_in, rehearse
from .forms import ActForm, PlanForm
from .planning import newest_plan, set_plan, shares_of
from .queries import asked_month, balance_of
from .rolling import beside_plan, by_project, roll_up, whole

KINDS = {"contracts": "合同", "payments": "支付"}
SHOWN_FILES, SHOWN_LINES = 20, 300


@never_cache
@require_GET
@allowed("budget.read")
def books(request: Request) -> HttpResponse:
    """Every department's book of a year, and the budgets on their way."""
    now = timezone.now()
    years = sorted(
        {*Book.objects.values_list("year", flat=True), *BudgetVersion.objects.values_list("year", flat=True)}
    )
    year = asked_year(request.GET.dict(), years[-1] if years else now.year)
    through = asked_month({}, year, now)
    rolled = roll_up(year, through)
    newest = BudgetVersion.objects.filter(year=year).order_by("department", "-number").distinct("department")
    shown = {
        "year": year,
        "years": years,
        "through": through,
        "rolled": rolled,
        "whole": whole(rolled),
        "versions": [(one, stage_word(one)) for one in newest],
        "may_write": may_at_all(request.actor, "budget.write"),
    }
    return render(request, "ledger/books.html", shown)


@never_cache
@require_GET
@allowed("budget.read")
def book(request: Request, book_id: int) -> HttpResponse:
    """Projects with what was granted, bound and paid month by month, and where the year is heading."""
    found = _book(book_id)
    closed = found.closed.count()
    through = asked_month(request.GET.dict(), found.year, timezone.now())
    projects = by_project(found, through)
    shown = {
        "book": found,
        "through": through,
        "months": [(month, f"{month} 月") for month in range(1, 13)],
        "projects": projects,
        "whole": whole(projects),
        "closed": closed,
        "next": closed + 1 if closed < 12 else None,
        "may_write": may_at_all(request.actor, "budget.write"),
    }
    return render(request, "ledger/book.html", shown)


@never_cache
@allowed("budget.read")
def plan(request: Request, book_id: int) -> HttpResponse:
    """Payments month by month beside the plan of the year; the plan is set here."""
    found = _book(book_id)
    through = asked_month(request.GET.dict(), found.year, timezone.now())
    newest = newest_plan(found)
    form = PlanForm(request.POST or None, shares_of(newest))
    if request.method == "POST":
        refuse_without(request, "budget.write")
        if form.is_valid():
            try:
                set_plan(request.actor, book_id, form.shares, timezone.now())
                messages.success(request, "已保存支出计划，原来的计划留有记录。")
                return redirect("book-plan", book_id)
            except Refused as refused:
                show_refusal(form, refused)
    shown = {
        "book": found,
        "through": through,
        "plan": newest,
        "months": beside_plan(whole(by_project(found, through)), shares_of(newest), through),
        "form": form,
        "may_write": may_at_all(request.actor, "budget.write"),
    }
    return render(request, "ledger/book_plan.html", shown, status=422 if form.errors else 200)


@require_POST
@allowed("budget.write")
def close(request: Request, book_id: int) -> HttpResponse:
    """Close the next month for good."""
    month = number_in(request.POST.get("month", "")) or 0
    try:
        close_month(request.actor, book_id, month, timezone.now())
        messages.success(request, f"{month} 月已结账，不能再入账。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("book", book_id)


@never_cache
@allowed("budget.read")
def line(request: Request, line_id: int) -> HttpResponse:
    """A line's balance and entries; an act is entered here."""
    found = get_object_or_404(BudgetLine.objects.select_related("book"), pk=line_id)
    form = ActForm(request.POST or None, initial={"month": min(found.book.closed.count() + 1, 12)})
    if request.method == "POST":
        refuse_without(request, "budget.write")
        if form.is_valid():
            said = form.cleaned_data
            try:
                enter(
                    request.actor, line_id, said["kind"], said["amount"], said["month"], said["words"], timezone.now()
                )
                messages.success(request, "已入账。")
                return redirect("book-line", line_id)
            except Refused as refused:
                show_refusal(form, refused)
    entries = found.entries.select_related("made_by").prefetch_related("postings").order_by("-id")
    shown = {
        "line": found,
        "book": found.book,
        "balance": balance_of(found),
        "entries": [(one, max(abs(moved.amount) for moved in one.postings.all())) for one in entries],
        "form": form,
        "may_write": may_at_all(request.actor, "budget.write"),
    }
    return render(request, "ledger/book_line.html", shown, status=422 if form.errors else 200)


@never_cache
@require_GET
@allowed("budget.read")
def papers(request: Request, book_id: int, kind: str) -> HttpResponse:
    """Contracts or payments of a book, and the files they came from with the rows that were refused."""
    found, rows = _book(book_id), _rows(book_id, kind)
    order = ("-signed_on", "-id") if kind == "contracts" else ("-paid_on", "-id")
    files = BookFile.objects.filter(book=found, kind=kind).select_related("brought_by").prefetch_related("refused")
    shown = {
        "book": found,
        "kind": kind,
        "word": KINDS[kind],
        "page": page_of(rows, order, request.GET.dict()),
        "files": files[:SHOWN_FILES],
        "may_write": may_at_all(request.actor, "budget.write"),
    }
    return render(request, "ledger/book_papers.html", shown)


def _rows(book_id: int, kind: str) -> Any:
    if kind == "contracts":
        return Contract.objects.filter(book=book_id).select_related("line")
    if kind == "payments":
        return PaymentOrder.objects.filter(book=book_id).select_related("line", "contract")
    raise Http404


@never_cache
@allowed("budget.write")
def bring(request: Request, book_id: int, kind: str) -> HttpResponse:
    """Look at a file of contracts or payments, then bring it in."""
    found = _book(book_id)
    if kind not in KINDS:
        raise Http404
    kept = bool(request.POST.get("kept"))
    form = SheetForm() if kept else SheetForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {
        "book": found,
        "kind": kind,
        "word": KINDS[kind],
        "form": form,
        "columns": [*COLUMNS[kind], *(f"{name}（可缺）" for name in LINE_COLUMNS[2:])],
    }
    if request.method == "POST" and (kept or form.is_valid()):
        try:
            upload = received(request, form, f"{kind}:{book_id}")
            act = rehearse if upload.token else bring_in
            outcome = act(request.actor, book_id, kind, upload.name, upload.content, timezone.now())
            lines = [*outcome.of("refused"), *outcome.of("new"), *outcome.of("same")]
            shown |= {"upload": upload, "outcome": outcome, "counts": outcome.counts, "lines": lines[:SHOWN_LINES]}
            if not upload.token and not outcome.of("refused"):
                messages.success(request, f"已入账 {outcome.counts['new']} 行。")
                return redirect("book-papers", book_id, kind)
        except Refused as refused:
            say_refused(request, form, refused)
    return render(
        request, "ledger/book_bring.html", shown, status=422 if form.errors and "outcome" not in shown else 200
    )


def _book(book_id: int) -> Book:
    return get_object_or_404(Book.objects.select_related("version"), pk=book_id)
