"""紧急词 and 派单目录: lists and forms."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.cases.codes.saving import Saved, save
from qushu.cases.codes.tabs import CODE_TABS
from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from ..models import CatalogueEntry, UrgentWord
from . import actions
from .forms import EntryEndForm, EntryFilter, EntryForm, WordFilter, WordForm
from .queries import catalogue_entries, overlapping_ids

PER_PAGE = 30


@require_GET
@allowed("codes.write")
def urgent_words(request: Request) -> HttpResponse:
    """The words that mark a case."""
    form = WordFilter(request.GET)
    form.is_valid()
    said, chosen = form.cleaned_data, UrgentWord.objects.all()
    if said.get("q"):
        chosen = chosen.filter(word__icontains=said["q"])
    if said.get("mark"):
        chosen = chosen.filter(mark=said["mark"])
    if said.get("state"):
        chosen = chosen.filter(active=said["state"] == "active")
    page = {
        "filter": form,
        "page": page_of(chosen, ("mark", "word"), request.GET, PER_PAGE),
        "tabs": CODE_TABS,
        "tab": "urgent-words",
    }
    return render(request, "hotline/codes/urgent_words.html", page)


@allowed("codes.write")
def new_urgent_word(request: Request) -> HttpResponse:
    """A new word."""
    form = WordForm(request.POST or None)

    def add() -> Saved:
        word = actions.add_word(request.actor, form.facts(), timezone.now())
        return Saved(f"已新增“{word.word}”，现在起受理时会认它。", "urgent-words")

    return save(request, form, add) or _word_form(request, form, "新增紧急词", None)


@allowed("codes.write")
def urgent_word(request: Request, word_id: int) -> HttpResponse:
    """One word."""
    chosen = get_object_or_404(UrgentWord, pk=word_id)
    form = WordForm(request.POST or None, chosen=chosen)

    def change() -> Saved:
        actions.change_word(request.actor, chosen.pk, form.facts(), timezone.now())
        return Saved("已保存。", "urgent-words")

    return save(request, form, change) or _word_form(request, form, chosen.word, chosen)


def _word_form(request: Request, form: WordForm, title: str, chosen: UrgentWord | None) -> HttpResponse:
    page = {
        "form": form,
        "title": title,
        "up": "紧急词",
        "up_name": "urgent-words",
        "uses": [],
        "entries": entries_about(f"urgent_word:{chosen.pk}") if chosen else None,
    }
    return render(request, "codes/form.html", page, status=422 if form.errors else 200)


@require_GET
@allowed("codes.write")
def catalogue(request: Request) -> HttpResponse:
    """The dispatch catalogue; lines that overlap with another are named."""
    form, today = EntryFilter(request.GET), timezone.localdate()
    listed = page_of(catalogue_entries(form.chosen(), today), ("category__code", "pk"), request.GET, PER_PAGE)
    page = {
        "filter": form,
        "page": listed,
        "overlapping": overlapping_ids(),
        "today": today,
        "tabs": CODE_TABS,
        "tab": "catalogue",
    }
    return render(request, "hotline/codes/catalogue.html", page)


@allowed("codes.write")
def new_entry(request: Request) -> HttpResponse:
    """A new line; `?category=` says for what."""
    initial = {"since": timezone.localdate(), "category": request.GET.get("category")}
    form = EntryForm(request.POST or None, initial=initial)

    def add() -> Saved:
        said = form.cleaned_data
        made = actions.add_entry(request.actor, form.facts(), said["since"], said["until"], timezone.now())
        return Saved(f"已新增目录 {made.pk}，派单时会按它推荐。", "catalogue")

    if done := save(request, form, add):
        return done
    return render(request, "hotline/codes/entry.html", {"form": form}, status=422 if form.errors else 200)


@allowed("codes.write")
def entry(request: Request, entry_id: int) -> HttpResponse:
    """One line: change it from a day on, or end it."""
    chosen = get_object_or_404(CatalogueEntry.objects.select_related("category", "area", "lead_unit"), pk=entry_id)
    today, verb = timezone.localdate(), request.POST.get("verb")
    form = EntryForm(request.POST if verb == "change" else None, chosen=chosen, today=today)
    end = EntryEndForm(request.POST if verb == "end" else None, initial={"until": today}, auto_id="end_%s")
    kept = Saved("已保存。已经派出的工单不变。", "catalogue")

    def change() -> Saved:
        said = form.cleaned_data
        actions.change_entry(request.actor, chosen.pk, form.facts(), said["since"], said["until"], timezone.now())
        return kept

    def finish() -> Saved:
        said = end.cleaned_data
        actions.end_entry(request.actor, chosen.pk, said["until"], timezone.now(), said["reason"])
        return kept

    if done := save(request, form, change) or save(request, end, finish):
        return done
    page = {
        "chosen": chosen,
        "form": form,
        "end": end,
        "ended": chosen.effective_to is not None and chosen.effective_to <= today,
        "entries": entries_about(actions.subject_of(chosen)),
    }
    return render(request, "hotline/codes/entry.html", page, status=422 if form.errors or end.errors else 200)
