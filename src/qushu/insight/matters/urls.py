"""Addresses of 群体投诉分析监测."""

from django.urls import URLPattern, URLResolver, path

from . import pages, pages_acts, pages_case, pages_rule

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.board, name="matters"),
    path("rule/", pages_rule.rule, name="matter-rule"),
    path("repeats/", pages.repeats, name="repeat-callers"),
    path("charges/<int:charge_id>/done/", pages_acts.charge_done, name="matter-charge-done"),
    path("of-case/<str:number>/", pages_case.of_case, name="matter-of-case"),
    path("of-case/<str:number>/decide/", pages_case.decide, name="matter-follow-up"),
    path("<int:matter_id>/", pages.matter, name="matter"),
    path("<int:matter_id>/members/", pages_acts.members, name="matter-members"),
    path("<int:matter_id>/follow/", pages_acts.follow_matter, name="matter-follow"),
    path("<int:matter_id>/state/", pages_acts.state, name="matter-state"),
    path("<int:matter_id>/<str:what>/", pages_acts.change, name="matter-change"),
]
