"""The request as views see it after `CurrentAccount`; for annotations, nothing is ever made of these classes."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .access import Actor
from .models import Account, SignIn


class Visit(HttpRequest):
    """A request of anybody. `account` is None for a visitor, who acts as CITIZEN."""

    actor: Actor
    account: Account | None
    sign_in: SignIn | None
    was_idle: bool
    htmx: HtmxDetails


class Request(HttpRequest):
    """A request behind `@allowed` or `@signed_in`: there is an account."""

    actor: Actor
    account: Account
    sign_in: SignIn
    was_idle: bool
    htmx: HtmxDetails
