from django.apps import AppConfig

WORDS = {"crosscut.shared": "共享分析", "crosscut.exported": "导出多维分析"}


class OverviewConfig(AppConfig):
    name = "qushu.insight.overview"
    label = "insight_overview"
    verbose_name = "总体概览"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, KINDS, Kind

        from .lists import offer_list

        ACTION_WORDS.update(WORDS)
        KINDS.update({"cut": Kind("多维分析")})
        offer_list()
