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
from .indicators import Binding, Reading, Statement

__all__ = [
    "Binding",
    "BudgetDocument",
    "DocumentFigure",
    "Finding",
    "Goal",
    "LineItem",
    "Project",
    "Purchase",
    "Reading",
    "Source",
    "Statement",
    "Target",
    "UnreadPart",
]
