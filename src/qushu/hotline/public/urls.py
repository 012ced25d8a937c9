"""Addresses of the citizen pages."""

from django.urls import path

from . import asking, pages

urlpatterns = [
    path("citizen/", pages.home, name="citizen"),
    path("citizen/submit/", pages.submit, name="citizen-submit"),
    path("citizen/submit/hints/", asking.hints, name="citizen-hints"),
    path("citizen/submit/matter/", asking.matter, name="citizen-matter"),
    path("citizen/receipt/", pages.receipt, name="citizen-receipt"),
    path("citizen/receipt/print/", pages.print_receipt, name="citizen-receipt-print"),
    path("citizen/track/", pages.track, name="citizen-track"),
    path("citizen/evaluate/", pages.evaluate, name="citizen-evaluate"),
    path("citizen/thanks/", pages.thanks, name="citizen-thanks"),
    path("citizen/knowledge/", asking.knowledge, name="citizen-knowledge"),
    path("citizen/knowledge/<int:entry_id>/", asking.answer, name="citizen-answer"),
    path("citizen/print-size/", asking.print_size, name="citizen-print-size"),
]
