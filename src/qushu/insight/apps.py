from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "qushu.insight"
    label = "insight"
    verbose_name = "大数据智能分析"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .measures import offer_measures

        offer_measures()
