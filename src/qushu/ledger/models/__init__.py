"""Tables of the ledger."""

from .documents import (
    BudgetDocument,
    DocumentFigure,
    Finding,
    Goal,
    LineItem,
    Project,
    Purchase,
    Source,
    Target,
    UnreadPart,
)

__all__ = [
    "BudgetDocument",
    "DocumentFigure",
    "Finding",
    "Goal",
    "LineItem",
    "Project",
    "Purchase",
    "Source",
    "Target",
    "UnreadPart",
]
