"""Addresses of 值班表 and 交接班."""

from django.urls import path

from . import log_pages, pages

urlpatterns = [
    path("duty/", pages.duty, name="duty"),
    path("duty/print/", pages.print_duty, name="duty-print"),
    path("duty/export.<str:format>", pages.export_duty, name="duty-export"),
    path("duty/new/", pages.new_shift, name="duty-new"),
    path("duty/plan/", pages.plan, name="duty-plan"),
    path("duty/<int:shift_id>/", pages.change_shift, name="duty-shift"),
    path("duty/<int:shift_id>/remove/", pages.remove_shift, name="duty-remove"),
    path("handover/", log_pages.handover, name="handover"),
    path("handover/new/", log_pages.new_handover, name="handover-new"),
    path("handover/<int:handover_id>/", log_pages.handover_page, name="handover-page"),
    path("handover/<int:handover_id>/print/", log_pages.print_handover, name="handover-print"),
    path("handover/<int:handover_id>/take/", log_pages.take_over, name="handover-take"),
    path("handover/<int:handover_id>/supplement/", log_pages.add_supplement, name="handover-supplement"),
]
