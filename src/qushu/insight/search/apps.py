from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "qushu.insight.search"
    label = "insight_search"
    verbose_name = "综合查询"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, KINDS, Kind

        from .lists import offer_list

        ACTION_WORDS["search.shared"] = "共享查询"
        KINDS["search"] = Kind("查询")
        offer_list()
