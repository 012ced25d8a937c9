"""A page that only reads asks once which code tables have changed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from qushu.kernel.kept import one_look

READING = ("GET", "HEAD")


class OneLook:
    """GET and HEAD see the code tables as of one moment; what writes looks again each time (`kernel.kept`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return self.get_response(request)
        with one_look():
            return self.get_response(request)
