from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "qushu.ledger"
    label = "ledger"
    verbose_name = "预算与绩效"
    default_auto_field = "django.db.models.BigAutoField"
