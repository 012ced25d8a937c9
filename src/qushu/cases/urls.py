"""Addresses of the case."""

from django.urls import path

from .pages import case, exporting, files, lists, merging, moves

urlpatterns = [
    path("cases/", lists.case_list, name="case-list"),
    path("cases/merge/", merging.merge, name="case-merge"),
    path("cases/search/", lists.case_search, name="case-search"),
    path("exports/", exporting.exports, name="exports"),
    path("exports/<int:export_id>/", exporting.export_state, name="export-state"),
    path("exports/<int:export_id>/file/", exporting.export_file, name="export-file"),
    path("cases/by-id/<int:case_id>/", case.by_id, name="case-by-id"),
    path("cases/<str:number>/", case.case_page, name="case-page"),
    path("cases/<str:number>/moves/<slug:code>/", moves.move, name="case-move"),
    path("cases/<str:number>/reveal/<slug:field>/", case.reveal, name="case-reveal"),
    path("cases/<str:number>/files/", files.attach, name="case-attach"),
    path("cases/<str:number>/files/<int:attachment_id>/", files.attachment, name="case-attachment"),
    path("cases/<str:number>/sheet.<str:form>", files.sheet, name="case-sheet"),
]
