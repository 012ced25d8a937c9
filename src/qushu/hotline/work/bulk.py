"""What all workplaces share: pages of cases, picked rows, acting on each by itself, keys against doing it twice, counts with an end."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.contrib import messages
from django.db.models import QuerySet
from django.utils import timezone

from qushu.cases.actions import Call
from qushu.cases.models import Case
from qushu.cases.queries import visible_cases
from qushu.kernel.asked import NINE_DIGITS, number_in
from qushu.kernel.errors import Refused
from qushu.kernel.paging import Page, page_of
from qushu.people.requests import Request

MOST_PICKED = 200
MOST_TOLD = 10
MOST_COUNTED = 999


def picked(request: Request, name: str = "pick") -> list[Case]:
    """The picked cases that this person may see, nearest deadline first; a stranger's are left out in silence."""
    ids = [pk for value in request.POST.getlist(name) if (pk := number_in(value)) is not None]
    found = visible_cases(request.actor).filter(pk__in=ids[:MOST_PICKED]).order_by("due_at", "id")
    return list(found.select_related("statement").defer("statement__words"))


def for_each(request: Request, verb: str, cases: Sequence[Case], act: Callable[[Case], object]) -> None:
    """Do it to every case, each in its own transaction; say how many went and which didn't, and why."""
    done, refused = 0, list[str]()
    for case in cases:
        try:
            act(case)
            done += 1
        except Refused as error:
            refused.append(f"{case.number}：{error.message}")
    if done:
        messages.success(request, f"已{verb} {done} 件。")
    for sentence in refused[:MOST_TOLD]:
        messages.error(request, sentence)
    if len(refused) > MOST_TOLD:
        messages.error(request, f"另有 {len(refused) - MOST_TOLD} 件没有{verb}，请逐件打开查看原因。")
    if not cases:
        messages.error(request, "没有选中任何件。什么也没有改变。")


def call_on(request: Request, case: Case) -> Call:
    """A call for one of several cases of a form: its own request key, and what the page showed of it."""
    key = request_key(request)
    return Call(request.actor, timezone.now(), f"{key}/{case.pk}" if key else None, seen(request, f"seen-{case.pk}"))


def seen(request: Request, name: str) -> int | None:
    """The number of the newest history row that the page showed."""
    return number_in(request.POST.get(name, ""), NINE_DIGITS)


def request_key(request: Request) -> str | None:
    """The form's request key, bound to the account."""
    key = request.POST.get("request_key", "")[:40]
    return f"web/{request.account.pk}/{key}" if key else None


def fresh_key() -> str:
    """A request key for a form that is shown."""
    return secrets.token_urlsafe(16)


def page_of_cases(
    cases: QuerySet[Case], order: Sequence[str], params: Mapping[str, str], size: int, related: Sequence[str]
) -> Page[Case]:
    """A page of cases with their related rows, in two reads: the keys by their index alone, then the rows by key.

    Joined in one read the planner takes the few rows it expects, joins them all and sorts: with many open cases that is
    slower by a hundred times.
    """
    keys = page_of(cases.select_related(None).only("pk", *_columns(order)), order, params, size)
    rich = Case.objects.select_related(*related)
    if "statement" in related:
        rich = rich.defer("statement__words")
    found = rich.in_bulk([case.pk for case in keys])
    return replace(keys, rows=[found[case.pk] for case in keys if case.pk in found])


def _columns(order: Sequence[str]) -> list[str]:
    fields = {field.name for field in Case._meta.concrete_fields}
    return [name for name in (one.removeprefix("-") for one in order) if name in fields]


def counted(rows: QuerySet[Case]) -> str:
    """How many rows a list has, up to MOST_COUNTED: a tab's number must not cost more the longer the list is."""
    count = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
