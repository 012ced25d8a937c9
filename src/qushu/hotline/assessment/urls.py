"""Addresses of 考核."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from . import pages, pages_frozen, pages_schemes, pages_trend
from .measures import NOBODY


class SubjectConverter(IntConverter):
    """The number of a subject, 0 for all together, or NOBODY."""

    regex = f"{NOBODY}|[0-9]+"


register_converter(SubjectConverter, "subject")

urlpatterns = [
    path("assessment/", pages.assessment, name="assessment"),
    path("assessment/freeze/", pages.freeze, name="freeze"),
    path("assessment/export/<slug:form>/", pages_frozen.export, name="assessment-export"),
    path("assessment/trend/<slug:subject>/<subject:subject_id>/", pages_trend.trend, name="assessment-trend"),
    path("assessment/frozen/", pages_frozen.frozen_periods, name="frozen-periods"),
    path("assessment/frozen/<int:line_id>/<slug:measure>/correct/", pages_frozen.correct, name="correct-figure"),
    path("assessment/frozen/<int:period_id>/<subject:subject_id>/<slug:measure>/<slug:half>/", pages_frozen.frozen_behind, name="frozen-figure"),
    path("assessment/schemes/", pages_schemes.schemes, name="schemes"),
    path("assessment/schemes/new/", pages_schemes.new_scheme, name="new-scheme"),
    path("assessment/schemes/<int:scheme_id>/", pages_schemes.scheme, name="scheme"),
    path("assessment/schemes/<int:scheme_id>/next/", pages_schemes.next_version, name="next-version"),
    path("assessment/<slug:subject>/<subject:subject_id>/<slug:measure>/<slug:half>/", pages.behind, name="figure"),
]  # fmt: skip
