"""Addresses of 预算与绩效."""

from django.urls import path

from . import pages
from .indicators import pages as indicators

urlpatterns = [
    path("", pages.budget, name="budget"),
    path("documents/<int:document_id>/drop/", pages.drop, name="budget-drop"),
    path("documents/<int:document_id>/projects/<str:code>/", pages.project, name="budget-project"),
    path("targets/", indicators.targets, name="targets"),
    path("targets/read/", indicators.read_now, name="targets-read"),
    path("targets/<int:target_id>/", indicators.target, name="target"),
    path("targets/<int:target_id>/bindings/<int:binding_id>/", indicators.decide, name="target-decide"),
]
