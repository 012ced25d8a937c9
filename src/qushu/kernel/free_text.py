"""Free text: what people said and wrote, kept as it is and drawn masked.

The house's one rule: whoever looks sees free text with the personal data in it masked. In the clear it is given only to
its own writer, to the citizen whose it is, to who reveals it (one case at a time, with a reason, audited:
`cases/actions/keeping.py`) and into a file that was asked for in the clear with a reason. Nobody has to think of it in a
template: the text of these fields masks itself when it is drawn. What leaves by another way (a file, a paper, the API)
says so with `as_shown` or `mask_free_text`.
"""

from html import escape
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from .personal import mask_free_text


class FreeText(str):
    """A text that templates and `format_html` draw masked. Comparing, searching and saving it see the text itself."""

    __slots__ = ()

    def __html__(self) -> str:
        """What Django puts into a page."""
        return escape(mask_free_text(self))


def in_the_clear(text: str) -> str:
    """The text as it was written, for a page whose reader may see it by the rule above."""
    return str(text)


def as_shown(text: str, clear: bool) -> str:
    """The text as a file shows it: masked unless it was asked for in the clear."""
    return in_the_clear(text) if clear else mask_free_text(text)


class _Drawn(DeferredAttribute):
    """An attribute that holds free text however it came there: from the database or from a form."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = FreeText(value) if type(value) is str else value


class _Free:
    """What makes a text field one of free text; to the database and its migrations it stays what it was."""

    descriptor_class: type = _Drawn

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> FreeText | None:
        return None if value is None else FreeText(value)

    def deconstruct(self) -> Any:
        name, _, args, named = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.plain.__name__}", args, named  # type: ignore[attr-defined]


class FreeTextField(_Free, models.TextField):
    """A `TextField` of free text."""

    plain = models.TextField


class FreeCharField(_Free, models.CharField):
    """A `CharField` of free text."""

    plain = models.CharField
