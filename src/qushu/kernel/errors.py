"""Errors that reach people. Each says what happened, what was kept and what to do; `code` is for programs."""


class Refused(Exception):
    """A rule says no. Nothing was changed.

    `message` is Chinese, for the person; `code` is stable, for programs; `field` names the input it is about.
    """

    code = "refused"

    def __init__(self, message: str, *, code: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field


class Stale(Refused):
    """Somebody else acted since the page was opened."""

    code = "stale"


class Forbidden(Refused):
    """This person may not do this."""

    code = "forbidden"


class Missing(Refused):
    """There is no such thing, or this person may not know of it."""

    code = "missing"
