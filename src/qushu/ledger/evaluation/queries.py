"""Reads of self-evaluation and monitoring."""

from collections.abc import Mapping

from django.db.models import QuerySet

from qushu.kernel.asked import number_in

from .models import Evaluation

ORDER = ("-year", "-as_of", "kind", "id")
"""The newest first."""


def forms_of(chosen: Mapping[str, str]) -> QuerySet[Evaluation]:
    """The forms with what their list shows, narrowed by document and state."""
    rows = Evaluation.objects.select_related("project", "document", "written_by", "reviewed_by", "signed_by")
    rows = rows.defer("document__text")
    if chosen.get("document"):
        rows = rows.filter(document=number_in(chosen["document"]) or 0)
    state = chosen.get("state")
    return rows.filter(state=state) if state in Evaluation.State.values else rows
