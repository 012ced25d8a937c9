"""The two forms of every answer. XML names its elements as the specification spells them; JSON is a list of objects."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from xml.etree import ElementTree

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from qushu.kernel.errors import Forbidden, Missing, Refused

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}


class Georeport(Exception):
    """An error of the specification: HTTP status and words."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description


@dataclass(frozen=True)
class Answer:
    """What is told: the name of its root element, and the rows or the object below it."""

    root: str
    told: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def georeport(*methods: str) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponse]]:
    """Decorator of a view that gives an Answer: the form by the address' suffix, errors as the specification has them."""

    def take(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def inside(request: HttpRequest, form: str, **named: str) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise Georeport(405, f"Only {', '.join(methods)} here.")
                return written(view(request, **named), form)
            except Georeport as error:
                return written(_error(error.status, error.description), form)
            except Http404 as error:
                return written(_error(404, str(error)), form)
            except Refused as refused:
                status = 404 if isinstance(refused, Missing) else 403 if isinstance(refused, Forbidden) else 400
                return written(_error(status, refused.message), form)

        return inside

    return take


def written(answer: Answer, form: str) -> HttpResponse:
    """The answer in this form, `json` or `xml`."""
    text = json.dumps(answer.told, ensure_ascii=False) if form == "json" else as_xml(answer.root, answer.told)
    return HttpResponse(text, status=answer.status, content_type=TYPES[form], headers=dict(answer.headers))


def as_xml(root: str, told: Any) -> bytes:
    """The document of an answer; characters that XML can't hold are left out."""
    tree = ElementTree.Element(root)
    _fill(tree, root, told)
    return ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)


def _fill(element: ElementTree.Element, name: str, told: Any) -> None:
    if isinstance(told, Mapping):
        for key, value in told.items():
            _fill(ElementTree.SubElement(element, key), key, value)
    elif isinstance(told, Sequence) and not isinstance(told, str):
        for one in told:
            _fill(ElementTree.SubElement(element, ITEMS[name]), ITEMS[name], one)
    elif told is not None:
        text = str(told).lower() if isinstance(told, bool) else str(told)
        element.text = NOT_IN_XML.sub("", text)


def _error(status: int, description: str) -> Answer:
    return Answer("errors", [{"code": status, "description": description}], status)
