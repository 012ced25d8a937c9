"""Addresses of the workplaces after the desk."""

from django.urls import path

from . import pages

urlpatterns = [
    path("dispatch/", pages.dispatch, name="dispatch-queue"),
    path("inbox/", pages.inbox, name="inbox"),
    path("reviews/", pages.reviews, name="review-queue"),
    path("reviews/<int:review_id>/", pages.decide, name="decide-review"),
    path("supervision/", pages.supervision, name="supervision"),
    path("follow-up/", pages.follow_up, name="follow-up"),
]
