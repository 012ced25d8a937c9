"""Tables of the ledger."""

from .books import Book, BudgetLine, ClosedMonth, Entry, Posting, SpendingPlan
from .contracts import BookFile, Contract, PaymentOrder, RefusedRow
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
from .versions import BudgetVersion, VersionRow, VersionStep

__all__ = [
    "Binding",
    "Book",
    "BookFile",
    "BudgetDocument",
    "BudgetLine",
    "BudgetVersion",
    "ClosedMonth",
    "Contract",
    "DocumentFigure",
    "Entry",
    "Finding",
    "Goal",
    "LineItem",
    "PaymentOrder",
    "Posting",
    "Project",
    "Purchase",
    "Reading",
    "RefusedRow",
    "Source",
    "SpendingPlan",
    "Statement",
    "Target",
    "UnreadPart",
    "VersionRow",
    "VersionStep",
]
