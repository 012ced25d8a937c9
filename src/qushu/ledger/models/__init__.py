"""Tables of the ledger."""

from .books import Book, BudgetLine, ClosedMonth, Entry, Posting
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
    "Book",
    "BudgetDocument",
    "BudgetLine",
    "ClosedMonth",
    "DocumentFigure",
    "Entry",
    "Finding",
    "Goal",
    "LineItem",
    "Posting",
    "Project",
    "Purchase",
    "Reading",
    "Source",
    "Statement",
    "Target",
    "UnreadPart",
]
