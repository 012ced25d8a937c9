"""绩效自评 and 绩效监控: the forms of a year, and one of them through its life."""

from collections import Counter
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qushu.kernel.content_types import PAPERS
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.requests import Request

from ..models import BudgetDocument
from ..queries import chosen_document, documents
from .actions import draw_up
from .drawing import needs_reason
from .forms import BackForm, DrawForm, Written
from .models import Evaluation, Release
from .queries import ORDER, forms_of
from .snapshot import Told, is_intact, told


@never_cache
@allowed("budget.read")
def evaluations(request: Request) -> HttpResponse:
    """All forms (or those of ?document=), and drawing up another of the newest document or that one; what of it is open to
    the public."""
    asked = request.GET.dict()
    document = chosen_document(asked | request.POST.dict())
    if document is None:
        return render(request, "ledger/no_targets.html", {"may_write": may_at_all(request.actor, "budget.write")})
    form = DrawForm(request.POST or None, document, initial={"as_of": _usual_day(document)})
    if request.method == "POST":
        refuse_without(request, "evaluation.write")
        if form.is_valid():
            made = _draw(request, form, document)
            if made is not None:
                return redirect("self-evaluation", made.pk)
    page = page_of(forms_of(asked), ORDER, asked)
    shown = {
        "document": document,
        "documents": documents(),
        "form": form,
        "page": page,
        "releases": Release.objects.filter(document=document).select_related("released_by", "withdrawn_by"),
        "may_write": may_at_all(request.actor, "evaluation.write"),
        "may_release": may_at_all(request.actor, "evaluation.release"),
    }
    return render(request, "ledger/evaluations.html", shown, status=422 if form.errors else 200)


def _usual_day(document: BudgetDocument) -> date:
    """The year's last day, or today while it runs."""
    return min(date(document.year, 12, 31), timezone.localdate())


def _draw(request: Request, form: DrawForm, document: BudgetDocument) -> Evaluation | None:
    """Draw the form up; a refusal is put on the form of the page."""
    said = form.cleaned_data
    try:
        return draw_up(request.actor, document.pk, form.project_id, said["kind"], said["as_of"], timezone.now())
    except Refused as refused:
        show_refusal(form, refused)
        return None


def find_evaluation(evaluation_id: int) -> Evaluation:
    """The form with what its page shows. Raises Http404."""
    rows = Evaluation.objects.select_related(
        "project", "document", "written_by", "reviewed_by", "signed_by", "released_by"
    )
    return get_object_or_404(rows, pk=evaluation_id)


@never_cache
@require_GET
@allowed("budget.read")
def evaluation(request: Request, evaluation_id: int) -> HttpResponse:
    """One form: money, targets with values, points and proofs; what may be done with it now."""
    return show_evaluation(request, find_evaluation(evaluation_id))


def show_evaluation(
    request: Request,
    found: Evaluation,
    refused: str = "",
    back: BackForm | None = None,
    written: Written | None = None,
) -> HttpResponse:
    """The page, with what was refused where something was; `written` is what was sent then."""
    said = said_by(found)
    writing = found.state == Evaluation.State.drafted and may_at_all(request.actor, "evaluation.write")
    written = written or Written.of(found)
    lines = list(found.lines.select_related("target"))
    levels = Counter(line.target.level1 for line in lines)
    own = request.actor.account_id in found.writers
    reviewed = found.reviewed_by_id == request.actor.account_id
    shown: dict[str, Any] = {
        "evaluation": found,
        "said": said,
        "rows": [
            {
                "line": line,
                "said": one,
                "form": written.lines[line.pk],
                "weighed": writing and found.is_self and line.points > 0 and levels[line.target.level1] > 1,
                "due": needs_reason(line) and not line.reason,
            }
            for line, one in zip(lines, said["lines"], strict=True)
        ],
        "texts": written.texts,
        "back": back or BackForm(),
        "refused": refused,
        "writing": writing,
        "intact": is_intact(found.snapshot, found.seal),
        "may_send_back": may_at_all(request.actor, "evaluation.review"),
        "may_review": not own and may_at_all(request.actor, "evaluation.review"),
        "may_sign": not own and not reviewed and may_at_all(request.actor, "evaluation.sign"),
        "may_release": may_at_all(request.actor, "evaluation.release"),
    }
    return render(request, "ledger/evaluation.html", shown, status=422 if refused or back else 200)


def said_by(found: Evaluation) -> Told:
    """What the form says: as signed, or as it stands now."""
    return found.snapshot if found.snapshot is not None else told(found)


@never_cache
@require_GET
@allowed("budget.read")
def paper(request: Request, evaluation_id: int, form: str) -> HttpResponse:
    """The form as PDF or Word."""
    from qushu.kernel.papers import write_docx, write_pdf  # slow to import, and only papers need them

    from .paper import paper_of

    if form not in PAPERS:
        raise Http404("只有 PDF 和 Word 两种。")
    found = find_evaluation(evaluation_id)
    made = paper_of(said_by(found), bytes(found.seal).hex() if found.seal else "")
    content = write_pdf(made) if form == "pdf" else write_docx(made)
    return file_answer(content, form, f"{found}-{found.as_of}")


def file_answer(content: bytes, form: str, name: str) -> HttpResponse:
    """A paper as a download."""
    answer = HttpResponse(content, content_type=PAPERS[form], headers={"X-Content-Type-Options": "nosniff"})
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}")
    return answer
