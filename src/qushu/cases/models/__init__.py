"""The tables of the case, one file a subject."""

from .assignment import Assignment, Review, Supervision
from .case import Attachment, Case, Statement
from .clock import Clock, ClockRule, LadderStep, Shift
from .codes import Category, Channel, Reason
from .history import History, Seal
from .limit import Limit
from .search import SearchEntry

__all__ = [
    "Assignment",
    "Attachment",
    "Case",
    "Category",
    "Channel",
    "Clock",
    "ClockRule",
    "History",
    "LadderStep",
    "Limit",
    "Reason",
    "Review",
    "Seal",
    "SearchEntry",
    "Shift",
    "Statement",
    "Supervision",
]
