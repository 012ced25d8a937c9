from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "qushu.cockpit"
    label = "cockpit"
    verbose_name = "领导驾驶舱"
    default_auto_field = "django.db.models.BigAutoField"
