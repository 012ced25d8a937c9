from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "qushu.insight.overview"
    label = "insight_overview"
    verbose_name = "总体概览"
    default_auto_field = "django.db.models.BigAutoField"
