from django.apps import AppConfig


class WarningsConfig(AppConfig):
    name = "qushu.insight.warnings"
    label = "insight_warnings"
    verbose_name = "突发预警"
    default_auto_field = "django.db.models.BigAutoField"
