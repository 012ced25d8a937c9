"""Addresses of 预算与绩效."""

from django.urls import include, path

from . import pages

urlpatterns = [
    path("", pages.budget, name="budget"),
    path("documents/<int:document_id>/drop/", pages.drop, name="budget-drop"),
    path("documents/<int:document_id>/projects/<str:code>/", pages.project, name="budget-project"),
    path("", include("qushu.ledger.indicators.urls")),
    path("", include("qushu.ledger.evaluation.urls")),
]
