from django.apps import AppConfig

WORDS = {"budget.document_kept": "导入部门预算"}


class LedgerConfig(AppConfig):
    name = "qushu.ledger"
    label = "ledger"
    verbose_name = "预算与绩效"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS

        ACTION_WORDS.update(WORDS)
        FIELD_WORDS.update({"targets": "指标数", "unread": "未读出处"})
