from django.apps import AppConfig


class UnderstandingConfig(AppConfig):
    name = "qushu.insight.understanding"
    label = "insight_understanding"
    verbose_name = "诉求理解"
    default_auto_field = "django.db.models.BigAutoField"
