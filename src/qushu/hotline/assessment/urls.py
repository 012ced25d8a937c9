"""Addresses of 考核."""

from django.urls import path

from . import pages

urlpatterns = [
    path("assessment/", pages.assessment, name="assessment"),
    path("assessment/<slug:subject>/<int:subject_id>/<slug:measure>/<slug:half>/", pages.behind, name="figure"),
]
