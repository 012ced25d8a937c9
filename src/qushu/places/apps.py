from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "qushu.places"
    label = "places"
    verbose_name = "地域"
    default_auto_field = "django.db.models.BigAutoField"
