"""What a search finds, as a file of any size: the columns of the case list."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport, case_columns, with_everything
from qushu.cases.models import Case
from qushu.people.access import Actor

from .forms import SearchFilter
from .queries import NEWEST, ORDERS, found_cases

LIST_KIND = "search"


def offer_list() -> None:
    """Put the list among those that can be written to a file; called when Django starts."""
    LISTS[LIST_KIND] = ListExport("综合查询", _rows, case_columns, lambda: SearchFilter({}))


def _rows(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Case]:
    found = found_cases(actor, filters, now, "case.export")
    return with_everything(found).order_by(*ORDERS.get(filters.get("sort", ""), NEWEST))
