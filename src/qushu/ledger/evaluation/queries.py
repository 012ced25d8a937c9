"""Reads of self-evaluation and monitoring."""

from collections.abc import Mapping

from django.db.models import QuerySet

from ..models import BudgetDocument
from .models import Evaluation

ORDER = ("-year", "-as_of", "kind", "id")
"""The newest first."""


def forms_of(document: BudgetDocument, chosen: Mapping[str, str]) -> QuerySet[Evaluation]:
    """The forms of a document with what their list shows, narrowed by state."""
    rows = Evaluation.objects.filter(document=document).select_related(
        "project", "document", "written_by", "reviewed_by", "signed_by"
    )
    state = chosen.get("state")
    return rows.filter(state=state) if state in Evaluation.State.values else rows
