"""Open311's addresses, each with `.json` and `.xml`."""

from django.urls import re_path

from . import pages

FORM = r"\.(?P<form>json|xml)$"

urlpatterns = [
    re_path(rf"^open311/discovery{FORM}", pages.discovery, name="open311-discovery"),
    re_path(rf"^open311/v2/services{FORM}", pages.services, name="open311-services"),
    re_path(rf"^open311/v2/services/(?P<code>[^/]+){FORM}", pages.service_definition, name="open311-service"),
    re_path(rf"^open311/v2/requests{FORM}", pages.requests, name="open311-requests"),
    re_path(rf"^open311/v2/requests/(?P<number>[^/]+){FORM}", pages.one_request, name="open311-request"),
    re_path(rf"^open311/v2/tokens/(?P<number>[^/]+){FORM}", pages.token, name="open311-token"),
]
