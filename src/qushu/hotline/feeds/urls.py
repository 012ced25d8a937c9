"""Addresses of the ways in by feed."""

from django.urls import path

from . import pages, pages_rows

urlpatterns = [
    path("feeds/", pages.sources, name="feeds"),
    path("feeds/<slug:code>/", pages.feed, name="feed"),
    path("feeds/<slug:code>/settings/", pages.settings, name="feed-settings"),
    path("feeds/<slug:code>/secret/", pages.secret, name="feed-secret"),
    path("feeds/<slug:code>/switch/", pages.switch, name="feed-switch"),
    path("feeds/<slug:code>/pull/", pages.pull_now, name="feed-pull"),
    path("ways/batches/<int:batch_id>/", pages_rows.batch, name="feed-batch"),
    path("ways/rows/", pages_rows.rows, name="refused-rows"),
    path("ways/rows/<int:row_id>/", pages_rows.row, name="refused-row"),
]
