from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "qushu.insight.matters"
    label = "insight_matters"
    verbose_name = "群体投诉分析监测"
    default_auto_field = "django.db.models.BigAutoField"
