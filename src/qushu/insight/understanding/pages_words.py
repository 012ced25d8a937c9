"""安全词: the table of words that tell of a danger, beside the other code tables."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.cases.codes.tabs import CODE_TABS
from qushu.cases.exports import export_of
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from . import words
from .forms import WordFilter, WordForm
from .lists import WORDS, WORDS_ORDER, filter_words
from .models import SafetyWord

PER_PAGE = 30


@require_GET
@allowed("codes.write")
def safety_words(request: Request) -> HttpResponse:
    """The words, by kind."""
    form = WordFilter(request.GET)
    page = page_of(filter_words(form), WORDS_ORDER, request.GET, PER_PAGE)
    values = {"filter": form, "page": page, "tabs": CODE_TABS, "tab": "safety-words"}
    return render(request, "insight/understanding/words.html", values | export_of(request.actor, WORDS))


@allowed("codes.write")
def new_safety_word(request: Request) -> HttpResponse:
    """A new word."""
    form = WordForm(request.POST or None)
    if form.is_valid():
        try:
            word = words.add_word(request.actor, form.facts(), timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"已新增“{word.word}”，现在起认它。")
            return redirect("safety-words")
    return _form(request, form, "新增安全词", None)


@allowed("codes.write")
def safety_word(request: Request, word_id: int) -> HttpResponse:
    """One word."""
    chosen = get_object_or_404(SafetyWord, pk=word_id)
    form = WordForm(request.POST or None, chosen=chosen)
    if form.is_valid():
        try:
            words.change_word(request.actor, chosen.pk, form.facts(), timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已保存。")
            return redirect("safety-words")
    return _form(request, form, chosen.word, chosen)


def _form(request: Request, form: WordForm, title: str, chosen: SafetyWord | None) -> HttpResponse:
    entries = entries_about(f"safety_word:{chosen.pk}") if chosen else None
    values = {"form": form, "title": title, "up": "安全词", "up_name": "safety-words", "uses": [], "entries": entries}
    return render(request, "codes/form.html", values, status=422 if form.errors else 200)
