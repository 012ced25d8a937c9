from django.apps import AppConfig

WORDS = {"fault.recorded": "登记系统故障", "fault.ended": "系统故障恢复"}


class FaultsConfig(AppConfig):
    name = "qushu.insight.faults"
    label = "insight_faults"
    verbose_name = "系统故障"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS, Kind, page_of_all

        from .lists import offer_list

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update({"part": "部分", "started": "开始", "ended": "恢复"})
        KINDS["fault"] = Kind("系统故障", page_of_all("faults"), "faults.read")
        offer_list()
