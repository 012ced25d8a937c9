"""Addresses of the workplaces after the desk."""

from django.urls import path

from . import board, calling, dispatching, registering, reviewing, unit

urlpatterns = [
    path("register/", registering.register, name="register-queue"),
    path("dispatch/", dispatching.dispatch, name="dispatch-queue"),
    path("inbox/", unit.inbox, name="inbox"),
    path("reviews/", reviewing.reviews, name="review-queue"),
    path("reviews/<int:review_id>/", reviewing.decide, name="decide-review"),
    path("supervision/", board.supervision, name="supervision"),
    path("supervision/orders/<int:order_id>/close/", board.close_order, name="close-order"),
    path("follow-up/", calling.follow_up, name="follow-up"),
    path("follow-up/<str:number>/", calling.call, name="follow-up-call"),
]
