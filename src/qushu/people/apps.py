from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "qushu.people"
    label = "people"
    verbose_name = "人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import audit, audited

        audit.KINDS.update(audited.KINDS)
