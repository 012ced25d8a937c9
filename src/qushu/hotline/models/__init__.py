"""The tables of the hotline, one file a subject."""

from .api import ApiRequest
from .assessment import (
    AssessmentLine,
    AssessmentPeriod,
    AssessmentRule,
    AssessmentScheme,
    AssessmentTier,
    Correction,
    FrozenRows,
)
from .assessment_counts import AreaCount, AssessmentCount, CountedCase, UncountedCase
from .desk import CatalogueEntry, Draft, FollowUpCall, Knowledge, UrgentWord
from .duty import DutyShift, Handover
from .ways import Delivery, FeedBatch, FeedFile, FeedRow, FeedSource, Subscriber

__all__ = [
    "ApiRequest",
    "AreaCount",
    "AssessmentCount",
    "AssessmentLine",
    "AssessmentPeriod",
    "AssessmentRule",
    "AssessmentScheme",
    "AssessmentTier",
    "CatalogueEntry",
    "Correction",
    "CountedCase",
    "Delivery",
    "Draft",
    "DutyShift",
    "FeedBatch",
    "FeedFile",
    "FeedRow",
    "FeedSource",
    "FrozenRows",
    "FollowUpCall",
    "Handover",
    "Knowledge",
    "Subscriber",
    "UncountedCase",
    "UrgentWord",
]
