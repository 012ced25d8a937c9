"""Addresses of the knowledge base."""

from django.urls import path

from . import pages

urlpatterns = [
    path("knowledge/", pages.knowledge, name="knowledge"),
    path("knowledge/export/<str:format>/", pages.export_knowledge, name="knowledge-export"),
    path("knowledge/new/", pages.new_entry, name="knowledge-new"),
    path("knowledge/<int:entry_id>/", pages.entry_page, name="knowledge-entry"),
    path("knowledge/<int:entry_id>/change/", pages.change_entry, name="knowledge-change"),
    path("knowledge/<int:entry_id>/retire/", pages.retire_entry, name="knowledge-retire"),
    path("knowledge/<int:entry_id>/confirm/", pages.confirm_entry, name="knowledge-confirm"),
]
