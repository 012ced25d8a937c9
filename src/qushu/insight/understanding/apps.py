from django.apps import AppConfig

WORDS = {
    "understanding.put_in_service": "启用模型版本",
    "understanding.auto_set": "设置自动派单",
    "understanding.retrain_asked": "要求重新训练",
    "safety_word.added": "新增安全词",
    "safety_word.changed": "修改安全词",
}
FIELDS = {"wanted": "要求的准确率", "switched_on": "自动派单", "major": "重大"}


class UnderstandingConfig(AppConfig):
    name = "qushu.insight.understanding"
    label = "insight_understanding"
    verbose_name = "诉求理解"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.cases.codes.tabs import CODE_TABS, Tab
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS, Kind

        from .lists import offer_lists
        from .recording import join_in

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update(FIELDS)
        KINDS.update({"model": Kind("模型版本"), "auto_dispatch": Kind("自动派单"), "safety_word": Kind("安全词")})
        CODE_TABS.append(Tab("安全词", "safety-words"))
        offer_lists()
        join_in()
