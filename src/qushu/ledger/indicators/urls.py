"""Addresses of 绩效指标, within those of the ledger."""

from django.urls import path

from .pages import acts, own, readings, targets, together

urlpatterns = [
    path("targets/", targets.targets, name="targets"),
    path("targets/bindings/", together.bindings, name="bindings"),
    path("targets/read/", acts.read_now, name="targets-read"),
    path("targets/<int:target_id>/", targets.target, name="target"),
    path("targets/<int:target_id>/bind/", acts.bind, name="target-bind"),
    path("targets/<int:target_id>/state/", acts.state, name="target-state"),
    path("targets/<int:target_id>/bindings/<int:binding_id>/", acts.decide, name="target-decide"),
    path("targets/readings/<int:reading_id>/", readings.reading, name="reading"),
    path("targets/indicators/", own.indicators, name="indicators"),
    path("targets/indicators/<int:own_id>/", own.indicator, name="indicator"),
    path("targets/indicators/<int:own_id>/change/", own.change, name="indicator-change"),
    path("targets/indicators/<int:own_id>/survey/", own.fill_survey, name="indicator-survey"),
    path("targets/indicators/<int:own_id>/file/", own.fill_file, name="indicator-file"),
    path("targets/indicators/duty/<str:code>/", own.duty, name="indicator-duty"),
    path("targets/evidence/<int:evidence_id>/", own.evidence, name="evidence"),
]
