from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "qushu.hotline"
    label = "hotline"
    verbose_name = "市民热线"
    default_auto_field = "django.db.models.BigAutoField"
