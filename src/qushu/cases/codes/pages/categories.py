"""类别: the tree, one category, moving and merging with a look at what follows."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from ...models import Category
from ...rulebook import rulebook
from .. import actions
from ..actions.categories import subject_of
from ..forms.lists import CategoryForm, CodeFilter, ElsewhereForm
from ..queries.categories import (
    MOST_CASES,
    category_branches,
    count_cases,
    differences_of_move,
    find_categories,
    ids_below,
)
from ..saving import Saved, save, uses_in_the_way
from ..tabs import CODE_TABS
from ..uses import InUse, uses_of_category

PER_PAGE = 100


@require_GET
@allowed("codes.write")
def categories(request: Request) -> HttpResponse:
    """The tree to its second level with the names below; with a filter, the categories it finds."""
    form = CodeFilter(request.GET)
    form.is_valid()
    text, state = form.cleaned_data.get("q", ""), form.cleaned_data.get("state", "")
    page: dict[str, object] = {"filter": form, "tabs": CODE_TABS, "tab": "categories"}
    if text or state:
        page["page"] = page_of(find_categories(text, state), ("code",), request.GET, PER_PAGE)
    else:
        page["branches"] = category_branches(with_inactive=False)
    return render(request, "codes/categories.html", page)


@allowed("codes.write")
def new_category(request: Request) -> HttpResponse:
    """Add a category; `?parent=` says where."""
    form = CategoryForm(request.POST or None, initial={"parent": request.GET.get("parent")})

    def add() -> Saved:
        said = form.cleaned_data
        made = actions.add_category(request.actor, said["parent"], said["code"], form.facts(), timezone.now())
        return Saved(f"已新增“{made.full_name}”。", "category", (made.pk,))

    if done := save(request, form, add):
        return done
    page = {"form": form, "title": "新增类别", "up": "类别", "up_name": "categories", "uses": []}
    return render(request, "codes/form.html", page, status=422 if form.errors else 200)


@allowed("codes.write")
def category(request: Request, category_id: int) -> HttpResponse:
    """One category: its name, words and whether it is used; what lies below; where it is used."""
    chosen = get_object_or_404(Category.objects.select_related("parent__parent", "merged_into"), pk=category_id)
    form = CategoryForm(request.POST or None, chosen=chosen)

    def change() -> Saved:
        actions.change_category(request.actor, chosen.pk, form.facts(), timezone.now())
        return Saved("已保存。", "category", (chosen.pk,))

    if done := save(request, form, change):
        return done
    refusing = uses_in_the_way(form)
    cases = count_cases(chosen)
    page = {
        "chosen": chosen,
        "form": form,
        "refusing": refusing,
        "children": chosen.children.order_by("code"),
        "uses": uses_of_category(chosen, timezone.now()),
        "cases": f"{MOST_CASES} 多" if cases > MOST_CASES else str(cases),
        "entries": entries_about(subject_of(chosen)),
    }
    return render(request, "codes/category.html", page, status=422 if form.errors else 200)


@allowed("codes.write")
def move(request: Request, category_id: int) -> HttpResponse:
    """Put a category below another: first a look at what follows, then, with `sure`, the move."""
    chosen = get_object_or_404(Category.objects.select_related("parent__parent"), pk=category_id)
    targets = Category.objects.filter(active=True, level=chosen.level - 1).exclude(pk=chosen.parent_id or 0)
    form = ElsewhereForm(request.POST or None, targets=targets, label="新的上级")
    page: dict[str, object] = {"chosen": chosen, "form": form, "verb": "move", "title": f"改挂“{chosen.name}”"}
    if form.is_valid():
        target = form.cleaned_data["target"]
        now = timezone.now()
        if request.POST.get("sure"):
            try:
                actions.move_category(request.actor, chosen.pk, target.pk, now, form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error(None, refused.message)
            else:
                messages.success(request, f"已改挂到“{target.full_name}”之下。已经起算的期限不变。")
                return redirect("category", chosen.pk)
        else:
            below = Category.objects.filter(pk__in=ids_below(chosen))
            entries = [use for one in below for use in uses_of_category(one, now)]
            page |= {
                "target": target,
                "differences": differences_of_move(chosen, target, rulebook(), now),
                "below": len(below),
                "following": entries,
            }
    return render(request, "codes/elsewhere.html", page, status=422 if form.errors else 200)


@allowed("codes.write")
def merge(request: Request, category_id: int) -> HttpResponse:
    """Merge a category into another: first a look, then, with `sure`, the merging."""
    chosen = get_object_or_404(Category.objects.select_related("parent"), pk=category_id)
    targets = Category.objects.filter(active=True, level=chosen.level).exclude(pk=chosen.pk)
    form = ElsewhereForm(request.POST or None, targets=targets, label="并入")
    page: dict[str, object] = {"chosen": chosen, "form": form, "verb": "merge", "title": f"合并“{chosen.name}”"}
    if form.is_valid():
        target = form.cleaned_data["target"]
        if request.POST.get("sure"):
            try:
                done = actions.merge_category(
                    request.actor, chosen.pk, target.pk, timezone.now(), form.cleaned_data["reason"]
                )
            except Refused as refused:
                form.add_error(None, refused.message)
                page["refusing"] = refused.uses if isinstance(refused, InUse) else []
            else:
                messages.success(request, f"已并入“{target.full_name}”。{'；'.join(done)}")
                return redirect("category", target.pk)
        else:
            cases = count_cases(chosen)
            page |= {
                "target": target,
                "cases": f"{MOST_CASES} 多" if cases > MOST_CASES else str(cases),
                "children": chosen.children.filter(active=True).count(),
                "following": uses_of_category(chosen, timezone.now()),
            }
    return render(request, "codes/elsewhere.html", page, status=422 if form.errors else 200)
