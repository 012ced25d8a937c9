from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "qushu.insight.search"
    label = "insight_search"
    verbose_name = "综合查询"
    default_auto_field = "django.db.models.BigAutoField"
