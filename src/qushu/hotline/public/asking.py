"""市民常见问题: the knowledge that citizens may read, and what is shown beside the form while somebody types."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.models import Category
from qushu.kernel.asked import number_in
from qushu.kernel.errors import Missing
from qushu.kernel.paging import page_of
from qushu.people.access import CITIZEN
from qushu.people.access_web import safe_next
from qushu.people.requests import Visit

from ..knowledge import queries
from ..models import Knowledge
from .forms import AskForm, SubmitForm, dangers_in, numbers_of

ROWS = 20
LONGEST_HINT = 3000
YEAR = 365 * 24 * 3600
LARGE = "large_print"


@require_GET
def knowledge(request: Visit) -> HttpResponse:
    """Answers by topic, or those that fit a few words."""
    today = timezone.localdate()
    form = AskForm(request.GET)
    q = form.cleaned_data["q"].strip() if form.is_valid() else ""
    entries, topic = queries.public_entries(today), _topic(request.GET.get("topic", ""))
    if q:
        found, exact = queries.best_for(entries, q, ROWS)
        page = {"q": q, "found": found, "exact": exact}
    elif topic:
        page = {
            "topic": topic,
            "page": page_of(queries.in_topic(entries, topic.pk), queries.ORDER, request.GET.dict(), ROWS),
        }
    else:
        page = {"topics": queries.topics(today), "often": list(entries.order_by(*queries.ORDER)[:8])}
    return render(request, "hotline/public/knowledge.html", page | {"form": form})


@require_GET
def answer(request: Visit, entry_id: int) -> HttpResponse:
    """One answer; an old address leads to the version in use."""
    entry = Knowledge.objects.filter(pk=entry_id, public=True).first()
    if entry is None:
        raise Missing("没有这个问题，可能已经停用。请回到常见问题再找，或拨打 12345。")
    in_use = queries.public_entries(timezone.localdate()).select_related("category", "unit")
    used = in_use.filter(pk__in=queries.same_entry(entry)).first()
    if used is None:
        raise Missing("这条答复已经停用。请回到常见问题再找，或拨打 12345。")
    if used.pk != entry.pk:
        return redirect("citizen-answer", used.pk)
    return render(request, "hotline/public/answer.html", {"entry": used})


@require_POST
def hints(request: Visit) -> HttpResponse:
    """For the words so far: the emergency number to call first, and answers that are there already."""
    text, now = request.POST.get("text", "")[:LONGEST_HINT], timezone.now()
    warnings = dangers_in(text)
    page = {
        "warnings": warnings,
        "danger_numbers": numbers_of(warnings),
        "answers": queries.answers_for(text, now, among=queries.readable(CITIZEN)),
    }
    return render(request, "hotline/public/hints.html", page)


@require_POST
def matter(request: Visit) -> HttpResponse:
    """The second choice, for the topic that was chosen."""
    form = SubmitForm(now=timezone.now(), initial={"topic": request.POST.get("topic", "")})
    return render(request, "hotline/public/matter.html", {"form": form})


@require_POST
def print_size(request: Visit) -> HttpResponse:
    """Large print on or off, kept in a cookie."""
    answer = redirect(safe_next(request, request.POST.get("next")))
    if request.COOKIES.get(LARGE):
        answer.delete_cookie(LARGE)
    else:
        answer.set_cookie(LARGE, "1", max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def _topic(text: str) -> Category | None:
    number = number_in(text)
    return Category.objects.filter(pk=number, level=1).first() if number is not None else None
