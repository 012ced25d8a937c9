from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "qushu.lake"
    label = "lake"
    verbose_name = "分析数据副本"
    default_auto_field = "django.db.models.BigAutoField"
