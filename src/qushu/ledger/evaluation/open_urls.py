"""Addresses that anybody may open."""

from django.urls import path

from . import open_pages

urlpatterns = [
    path("budget/", open_pages.open_budget, name="open-budget"),
    path("budget/evaluations/<int:evaluation_id>.<slug:form>", open_pages.open_paper, name="open-paper"),
]
