"""Addresses of 突发预警."""

from django.urls import path

from . import pages, rule_pages

urlpatterns = [
    path("", pages.warning_list, name="warnings"),
    path("rules/", rule_pages.rules, name="warning-rules"),
    path("rules/forget/", rule_pages.forget, name="forget-tuning"),
    path("rules/<str:kind>/", rule_pages.rule, name="warning-rule"),
    path("<int:warning_id>/", pages.warning_page, name="warning"),
    path("<int:warning_id>/acknowledge/", pages.acknowledge_warning, name="acknowledge-warning"),
    path("<int:warning_id>/conclude/", pages.conclude_warning, name="conclude-warning"),
    path("<int:warning_id>/note/", pages.note_warning, name="note-warning"),
]
