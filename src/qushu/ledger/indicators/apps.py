from django.apps import AppConfig

WORDS = {
    "indicator.defined": "定义指标",
    "indicator.changed": "修改指标口径",
    "indicator.entrusted": "指定指标负责人",
    "indicator.survey_kept": "录入调查结果",
    "indicator.file_kept": "录入文件载明的值",
}
FIELDS = {
    "formula": "公式",
    "fresh_hours": "更新时限（小时）",
    "owner": "负责人",
    "people": "答卷数",
    "version": "口径版本",
    "file": "文件",
}


class IndicatorsConfig(AppConfig):
    name = "qushu.ledger.indicators"
    label = "ledger_indicators"
    verbose_name = "绩效指标"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS, Kind, page_of_all

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update(FIELDS)
        KINDS["indicator"] = Kind("指标", page_of_all("indicators"), "budget.read")
