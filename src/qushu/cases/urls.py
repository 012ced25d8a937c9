"""Addresses of the case."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
