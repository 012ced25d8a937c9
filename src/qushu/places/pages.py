"""Areas for pickers; open to citizens too, they hold nothing but official names and codes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from .queries import area_at, communities


@require_GET
def communities_of(request: HttpRequest, street_code: str) -> HttpResponse:
    """`<option>`s of a street's communities, to be swapped into a `<select>`; `?by=code` gives codes, else ids."""
    street = area_at(street_code)
    if street is None or street.level != street.Level.street:
        raise Http404
    found = communities(street, timezone.localdate())
    by_code = request.GET.get("by") == "code"
    options = [(one.code if by_code else one.pk, one.name) for one in found]
    return TemplateResponse(request, "places/options.html", {"options": options})
