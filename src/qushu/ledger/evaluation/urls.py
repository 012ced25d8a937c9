"""Addresses of 绩效自评, within those of the ledger."""

from django.urls import path

from . import acts, pages

urlpatterns = [
    path("evaluations/", pages.evaluations, name="self-evaluations"),
    path("evaluations/release/", acts.release_targets, name="targets-release"),
    path("evaluations/release/<int:release_id>/withdraw/", acts.withdraw_targets, name="targets-withdraw"),
    path("evaluations/<int:evaluation_id>/", pages.evaluation, name="self-evaluation"),
    path("evaluations/<int:evaluation_id>/write/", acts.write, name="evaluation-write"),
    path("evaluations/<int:evaluation_id>/refill/", acts.refill, name="evaluation-refill"),
    path("evaluations/<int:evaluation_id>/review/", acts.review, name="evaluation-review"),
    path("evaluations/<int:evaluation_id>/back/", acts.send_back, name="evaluation-back"),
    path("evaluations/<int:evaluation_id>/sign/", acts.sign, name="evaluation-sign"),
    path("evaluations/<int:evaluation_id>/release/", acts.release, name="evaluation-release"),
    path("evaluations/<int:evaluation_id>/withdraw/", acts.withdraw, name="evaluation-withdraw"),
    path("evaluations/<int:evaluation_id>/paper.<slug:form>", pages.paper, name="evaluation-paper"),
]
