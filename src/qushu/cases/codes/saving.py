"""The one way in which a page of the code tables saves a form: try, say the refusal on the form, or go on with a word."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal

from .uses import InUse, Use


@dataclass(frozen=True)
class Saved:
    """What is said after a change, and the page that follows: an address, or a name with its arguments."""

    words: str
    page: str
    arguments: tuple[object, ...] = ()


def save(request: HttpRequest, form: BaseForm, change: Callable[[], Saved]) -> HttpResponse | None:
    """Make the change that a valid form asks for, and go on; None when the form is to be shown (again).

    A refusal stands on the form; `uses_in_the_way` gives what it named.
    """
    if not form.is_valid():
        return None
    try:
        done = change()
    except Refused as refused:
        show_refusal(form, refused)
        form.refused = refused  # type: ignore[attr-defined]
        return None
    messages.success(request, done.words)
    return redirect(done.page, *done.arguments)


def uses_in_the_way(form: BaseForm) -> list[Use]:
    """The uses for which the change of this form was refused."""
    refused = getattr(form, "refused", None)
    return refused.uses if isinstance(refused, InUse) else []
