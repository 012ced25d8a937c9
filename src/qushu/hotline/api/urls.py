"""`/api/v1/…` and its OpenAPI document, `/api/v1/openapi.json`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from . import cases, codes, moves, problems


class Json(JSONRenderer):
    """Chinese as it is read, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
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
    found, _, _ = api.urls
    for pattern in found:
        pattern.callback = _telling_methods(pattern.callback)
    return list(found)


urlpatterns = [
    path("api/v1/", (_patterns(), "ninja", "api-v1")),
    re_path(r"^api/v1/(?P<rest>.*)$", problems.not_found),
]
