"""Addresses of 系统故障."""

from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.faults, name="faults"),
    path("<int:fault_id>/end/", pages.end, name="fault-end"),
]
