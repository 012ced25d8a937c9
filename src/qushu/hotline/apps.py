from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "qushu.hotline"
    label = "hotline"
    verbose_name = "市民热线"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.kernel.lifecycle import register

        from .lifecycle import HOTLINE
        from .work.lists import offer_lists
        from .work.recording import follow_the_cases

        register(HOTLINE)
        offer_lists()
        follow_the_cases()
