"""Addresses of the desk."""

from django.urls import path

from . import pages

urlpatterns = [
    path("desk/", pages.desk, name="desk"),
    path("desk/caller/", pages.caller, name="desk-caller"),
    path("desk/hints/", pages.hints, name="desk-hints"),
    path("desk/draft/", pages.keep_draft, name="desk-draft"),
    path("desk/draft/drop/", pages.drop_draft, name="desk-drop-draft"),
]
