"""Addresses of the product as a whole: the home page, health, the design sheet."""

from django.urls import path

from . import pages
from .styleguide import styleguide

urlpatterns = [
    path("", pages.home, name="home"),
    path("health/", pages.health, name="health"),
    path("styleguide/", styleguide, name="styleguide"),
]
