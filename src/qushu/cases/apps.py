from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "qushu.cases"
    label = "cases"
    verbose_name = "诉求件"
    default_auto_field = "django.db.models.BigAutoField"
