"""`/api/v1/…` and its OpenAPI document, `/api/v1/openapi.json`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from . import cases, codes, moves, problems
from .document import Api, Json

api = Api(
    renderer=Json(),
    title="Qushu 区枢 API",
    version="1",
    description="The hotline for other systems: docs/api.md.",
    docs_url=None,  # its page needs inline script, which no page of ours may have
    urls_namespace="api-v1",
)
problems.install(api)
api.add_router("/cases", cases.router)
api.add_router("/cases", moves.router)
api.add_router("/codes", codes.router)


def _telling_methods(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, whose 405 is a problem too: ninja answers it before any handler of ours."""

    def inside(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        given = view(request, *args, **kwargs)
        return problems.wrong_method(request, given) if isinstance(given, HttpResponseNotAllowed) else given

    vars(inside).update(vars(view))  # csrf_exempt above all: a token is no cookie
    return inside


def _patterns() -> list[URLPattern]:
    patterns = [one for one in api.urls[0] if isinstance(one, URLPattern)]
    for one in patterns:
        one.callback = _telling_methods(one.callback)
    return patterns


urlpatterns = [
    path("api/v1/", (_patterns(), "ninja", "api-v1")),
    re_path(r"^api/v1/(?P<rest>.*)$", problems.not_found),
]
