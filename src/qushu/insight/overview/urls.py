"""Addresses of 总体概览, 领导大屏 and 多维分析."""

from django.urls import URLPattern, URLResolver, path, re_path

from . import cut_pages, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.overview, name="overview"),
    path("words/", pages.words, name="hot-words"),
    path("screen/", pages.big_screen, name="big-screen"),
    path("cuts/", cut_pages.cross_cuts, name="cross-cuts"),
    path("cuts/rows/", cut_pages.cut_rows, name="cut-rows"),
    re_path(r"^cuts/export/(?P<form>xlsx|csv)$", cut_pages.export_cut, name="cut-export"),
    path("cuts/keep/", cut_pages.keep_cut, name="keep-cut"),
    path("cuts/<int:cut_id>/drop/", cut_pages.drop_cut, name="drop-cut"),
]
