"""The tables of the hotline, one file a subject."""

from .assessment import AssessmentLine, AssessmentPeriod, AssessmentRule, AssessmentScheme, Correction
from .desk import CatalogueEntry, Draft, FollowUpCall, Knowledge, UrgentWord
from .duty import DutyShift, Handover
from .ways import Delivery, FeedBatch, FeedRow, FeedSource, Subscriber

__all__ = [
    "AssessmentLine",
    "AssessmentPeriod",
    "AssessmentRule",
    "AssessmentScheme",
    "CatalogueEntry",
    "Correction",
    "Delivery",
    "Draft",
    "DutyShift",
    "FeedBatch",
    "FeedRow",
    "FeedSource",
    "FollowUpCall",
    "Handover",
    "Knowledge",
    "Subscriber",
    "UrgentWord",
]
