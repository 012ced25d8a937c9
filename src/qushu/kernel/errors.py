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


class BadTable(Refused):
    """A file, or one of its lines, can't be read; ``line`` (from 1) is None when it's about the whole file."""

    code = "bad_table"

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"第 {line} 行：{message}")
        self.line = line
