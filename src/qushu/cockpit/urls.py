"""Addresses of 领导驾驶舱."""

from django.urls import URLPattern, URLResolver, path

from . import pages

urlpatterns: list[URLPattern | URLResolver] = [path("", pages.cockpit, name="cockpit")]
