"""Addresses of 预算与绩效."""

from django.urls import include, path

from . import original_pages, pages
from .booking import pages as books
from .booking import views_over as over
from .disclosure import pages as disclosure
from .versions import pages as versions

urlpatterns = [
    path("", pages.budget, name="budget"),
    path("lists/<slug:kind>.<slug:form>", pages.export, name="ledger-export"),
    path("documents/<int:document_id>/check/", pages.check, name="budget-check"),
    path("documents/<int:document_id>/drop/", pages.drop, name="budget-drop"),
    path("documents/<int:document_id>/text/", original_pages.text, name="budget-text"),
    path("documents/<int:document_id>/figures/", original_pages.figures, name="budget-figures"),
    path("documents/<int:document_id>/projects/<str:code>/", pages.project, name="budget-project"),
    path("books/versions/new/", versions.start, name="budget-start"),
    path("books/versions/<int:version_id>/", versions.version, name="budget-version"),
    path("books/versions/<int:version_id>/do/<str:verb>/", versions.act, name="budget-act"),
    path("books/versions/<int:version_id>/rows/new/", versions.edit_row, name="budget-row-new"),
    path("books/versions/<int:version_id>/rows/<int:place>/", versions.edit_row, name="budget-row"),
    path("books/versions/<int:version_id>/rows/fill/", versions.fill_rows, name="budget-rows-fill"),
    path("books/versions/<int:version_id>/rows/import/", versions.bring_rows, name="budget-rows-import"),
    path("books/versions/<int:version_id>/rows.<str:form>", versions.export_rows, name="budget-rows-export"),
    path("books/versions/<int:version_id>/tables/<int:number>/", disclosure.table, name="budget-table"),
    path("books/versions/<int:version_id>/tables.<str:form>", disclosure.download, name="budget-tables-file"),
    path("books/", books.books, name="books"),
    path("books/<int:book_id>/", books.book, name="book"),
    path("books/<int:book_id>/close/", books.close, name="book-close"),
    path("books/<int:book_id>/years/", over.years, name="book-years"),
    path("books/<int:book_id>/plan/", books.plan, name="book-plan"),
    path("books/<int:book_id>/cut/", over.cut, name="book-cut"),
    path("books/<int:book_id>/<str:kind>/", books.papers, name="book-papers"),
    path("books/<int:book_id>/<str:kind>/import/", books.bring, name="book-bring"),
    path("books/lines/<int:line_id>/", books.line, name="book-line"),
    path("", include("qushu.ledger.indicators.urls")),
    path("", include("qushu.ledger.evaluation.urls")),
]
