"""How large a request may be, before anything of it is kept: files of a body that is too large are read away, not stored."""

from collections.abc import Callable

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from qushu.kernel.asked import number_in

READ_AWAY = 4
"""Up to this many times the limit a citizen's words are still read, so that they stand on the page that says why."""


class ReadAway(FileUploadHandler):
    """Lets go of every file as it comes."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


class LargestBody:
    """Refuses bodies over `settings.QUSHU_LARGEST_BODY` bytes by their Content-Length; without one a body is empty.

    Stands innermost: nothing before it reads the body. The citizen's form is let through without its files and marked
    `too_large`; its page gives the words back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = number_in(request.META.get("CONTENT_LENGTH") or "0")
        if length is None:
            return refused(request)
        if length <= settings.QUSHU_LARGEST_BODY:
            return self.get_response(request)
        if length <= READ_AWAY * settings.QUSHU_LARGEST_BODY and request.path == reverse("citizen-submit"):
            request.upload_handlers = [ReadAway(request)]
            request.too_large = True  # type: ignore[attr-defined]
            return self.get_response(request)
        return refused(request)


def is_too_large(request: HttpRequest) -> bool:
    """Whether the files of this request were read away."""
    return getattr(request, "too_large", False)


def megabytes() -> int:
    """The limit as people read it."""
    return settings.QUSHU_LARGEST_BODY >> 20


def refused(request: HttpRequest) -> HttpResponse:
    """What is said of a body that nobody reads: to a person a page, to a program a problem (RFC 9457)."""
    words = f"发来的内容超过 {megabytes()} MB，没有收下，也没有做任何改动。"
    if request.accepts("text/html"):
        return render(request, "hotline/public/too_large.html", {"words": words}, status=413)
    problem = {"type": "about:blank", "title": "内容太大", "status": 413, "detail": words}
    return JsonResponse(problem, status=413, content_type="application/problem+json")
