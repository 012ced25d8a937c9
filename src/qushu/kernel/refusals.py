"""What a rule refused, said on the form that it is about."""

from django.forms import BaseForm

from .errors import Refused


def show_refusal(form: BaseForm, refused: Refused, field: str | None = None) -> None:
    """Put the refusal beside the input it names, or above the form when it names none that the form has.

    `field`: the form's name for that input, where it isn't the refusal's own.
    """
    wanted = refused.field if field is None else field
    form.add_error(wanted if wanted in form.fields else None, refused.message)
