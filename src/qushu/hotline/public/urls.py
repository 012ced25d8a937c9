"""Addresses of the citizen pages."""

from django.urls import path

from . import pages

urlpatterns = [
    path("citizen/", pages.home, name="citizen"),
    path("citizen/submit/", pages.submit, name="citizen-submit"),
    path("citizen/receipt/", pages.receipt, name="citizen-receipt"),
    path("citizen/track/", pages.track, name="citizen-track"),
    path("citizen/evaluate/", pages.evaluate, name="citizen-evaluate"),
]
