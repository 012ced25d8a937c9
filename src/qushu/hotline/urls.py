"""The hotline's addresses: each workplace has its own module; those that a district leaves out are not routed."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

WORKPLACES = (
    "qushu.hotline.api.urls",  # first: addresses are tried in order, and these are asked most
    "qushu.hotline.desk.urls",
    "qushu.hotline.work.urls",
    "qushu.hotline.assessment.urls",
    "qushu.hotline.knowledge.urls",
    "qushu.hotline.duty.urls",
    "qushu.hotline.ways.urls",
    "qushu.hotline.codes.urls",
    "qushu.hotline.feeds.urls",
    "qushu.hotline.public.urls",
    "qushu.hotline.open311.urls",
)


def _exists(module: str) -> bool:
    package = module.rpartition(".")[0]
    return find_spec(package) is not None and find_spec(module) is not None


urlpatterns: list[URLPattern | URLResolver] = [path("", include(module)) for module in WORKPLACES if _exists(module)]
