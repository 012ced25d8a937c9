"""Addresses of 自动报告."""

from django.urls import path

from . import pages, table_pages

urlpatterns = [
    path("", pages.archive, name="reports"),
    path("new/", pages.new_report, name="new-report"),
    path("templates/", table_pages.templates, name="report-templates"),
    path("templates/<str:kind>/", table_pages.template, name="report-template"),
    path("rules/", table_pages.rules, name="finding-rules"),
    path("rules/new/", table_pages.rule, name="new-finding-rule"),
    path("rules/<int:rule_id>/", table_pages.rule, name="finding-rule"),
    path("advice/", table_pages.advice_table, name="report-advice"),
    path("advice/new/", table_pages.advice, name="new-advice"),
    path("advice/<int:advice_id>/", table_pages.advice, name="advice"),
    path("<int:report_id>/", pages.report_page, name="report"),
    path("<int:report_id>/again/", pages.again, name="report-again"),
    path("<int:report_id>/edited/", pages.give_back, name="report-edited"),
    path("<int:report_id>/<int:number>/<str:form>/", pages.download, name="report-file"),
    path("<int:report_id>/act/<str:verb>/", pages.act, name="report-act"),
]
