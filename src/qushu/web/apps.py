from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "qushu.web"
    label = "web"
    verbose_name = "平台"
    default_auto_field = "django.db.models.BigAutoField"
