"""Addresses of the code tables, the deadline rules and the calendar: outside `cases/`, where a number would catch them."""

from django.urls import path

from .pages import calendar, categories, clock_rules, ladder, limits, lists

urlpatterns = [
    path("admin/codes/", categories.categories, name="categories"),
    path("admin/codes/categories/new/", categories.new_category, name="new-category"),
    path("admin/codes/categories/<int:category_id>/", categories.category, name="category"),
    path("admin/codes/categories/<int:category_id>/move/", categories.move, name="move-category"),
    path("admin/codes/categories/<int:category_id>/merge/", categories.merge, name="merge-category"),
    path("admin/codes/channels/", lists.channels, name="channels"),
    path("admin/codes/channels/new/", lists.new_channel, name="new-channel"),
    path("admin/codes/channels/<str:code>/", lists.channel, name="channel"),
    path("admin/codes/reasons/", lists.reasons, name="reasons"),
    path("admin/codes/reasons/new/", lists.new_reason, name="new-reason"),
    path("admin/codes/reasons/<int:reason_id>/", lists.reason, name="reason"),
    path("admin/clocks/", clock_rules.clock_rules, name="clock-rules"),
    path("admin/clocks/past/", clock_rules.past, name="past-clock-rules"),
    path("admin/clocks/trial/", clock_rules.trial, name="clock-trial"),
    path("admin/clocks/rules/new/", clock_rules.new_rule, name="new-clock-rule"),
    path("admin/clocks/rules/<int:rule_id>/", clock_rules.rule, name="clock-rule"),
    path("admin/clocks/ladder/", ladder.ladder, name="ladder"),
    path("admin/clocks/ladder/new/", ladder.new_step, name="new-ladder-step"),
    path("admin/clocks/ladder/<int:step_id>/", ladder.step, name="ladder-step"),
    path("admin/clocks/limits/", limits.limits, name="limits"),
    path("admin/clocks/limits/<str:code>/", limits.limit, name="limit"),
    path("admin/clocks/limits/planned/<int:limit_id>/withdraw/", limits.withdraw, name="withdraw-limit"),
    path("admin/calendar/", calendar.calendar, name="calendar"),
    path("admin/calendar/<int:number>/adopt/", calendar.adopt, name="adopt-year"),
]
