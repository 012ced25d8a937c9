from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "qushu.reports"
    label = "reports"
    verbose_name = "自动报告"
    default_auto_field = "django.db.models.BigAutoField"
