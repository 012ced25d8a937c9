"""Addresses of 接入与推送."""

from django.urls import path

from . import pages

urlpatterns = [
    path("ways/", pages.ways, name="ways"),
    path("ways/deliveries/<int:delivery_id>/retry/", pages.retry, name="retry-delivery"),
    path("ways/subscribers/<int:subscriber_id>/switch/", pages.switch, name="switch-subscriber"),
]
