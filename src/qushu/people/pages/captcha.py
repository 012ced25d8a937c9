"""The picture of a captcha and a fresh one, for forms of any room."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qushu.people.captcha import draw_captcha, picture_captcha, sum_captcha


@never_cache
@require_GET
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """The picture that belongs to a token of `picture_captcha`."""
    drawn = draw_captcha(token, timezone.now())
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/png")


@never_cache
@require_GET
def fresh(request: HttpRequest) -> HttpResponse:
    """The field with another captcha, to be swapped in: a picture, or with `?kind=sum` a question."""
    make = sum_captcha if request.GET.get("kind") == "sum" else picture_captcha
    return render(request, "people/captcha.html", {"captcha": make(timezone.now())})
