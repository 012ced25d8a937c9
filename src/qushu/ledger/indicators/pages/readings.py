"""One reading: what it counted, by which definitions, and whether the rows are still what they were."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ...models import Binding, Reading
from ..actions import recount
from ..offered import measure_of
from ..queries import span_of


@never_cache
@allowed("budget.read")
def reading(request: Request, reading_id: int) -> HttpResponse:
    """A reading with its definitions, its rows and its whole hash; asked by POST, the same days are counted again beside it."""
    found = get_object_or_404(Reading, pk=reading_id)
    measure = measure_of(found.measure)
    bound = Binding.objects.filter(measure=found.measure, approved=True).select_related("target__project")
    shown: dict[str, Any] = {
        "reading": found,
        "measure": measure,
        "rows_address": measure.rows_address(span_of(found)) if measure else "",
        "targets": [one.target for one in bound.order_by("target__place")],
    }
    if request.method == "POST" and (again := recount(found)) is not None:
        shown |= {"again": again, "same": again.digest == bytes(found.digest)}
    return render(request, "ledger/reading.html", shown)
