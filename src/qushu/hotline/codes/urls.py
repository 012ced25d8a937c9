"""Addresses of the urgent words and the dispatch catalogue, beside the other code tables."""

from django.urls import path

from . import pages

urlpatterns = [
    path("admin/codes/urgent-words/", pages.urgent_words, name="urgent-words"),
    path("admin/codes/urgent-words/new/", pages.new_urgent_word, name="new-urgent-word"),
    path("admin/codes/urgent-words/<int:word_id>/", pages.urgent_word, name="urgent-word"),
    path("admin/codes/catalogue/", pages.catalogue, name="catalogue"),
    path("admin/codes/catalogue/new/", pages.new_entry, name="new-catalogue-entry"),
    path("admin/codes/catalogue/<int:entry_id>/", pages.entry, name="catalogue-entry"),
]
