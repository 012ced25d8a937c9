"""How tests draw a piece of template source."""

from django.template import engines
from django.test import RequestFactory


def draw(source: str, address: str = "/", **values: object) -> str:
    """The source rendered as a page at this address would render it."""
    request = RequestFactory().get(address)
    return engines["django"].from_string(source).render(values, request)
