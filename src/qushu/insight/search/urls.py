"""Addresses of 综合查询."""

from django.urls import URLPattern, URLResolver, path

from . import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.search, name="search"),
    path("facets/", pages.facets, name="search-facets"),
    path("save/", pages.save, name="save-search"),
    path("<int:search_id>/remove/", pages.remove, name="remove-search"),
]
