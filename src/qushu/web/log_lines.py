"""How a line of the log is written."""

import logging
import re
from types import TracebackType
from typing import Final

_OF_A_ROW: Final = re.compile(
    r"^(?:DETAIL|CONTEXT):.*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL | re.MULTILINE
)
"""What PostgreSQL says of the row that it refused, to the end of its message."""


class Formatter(logging.Formatter):
    """Leaves out of an error what the row said that the database refused: that is what a citizen said."""

    def formatException(  # noqa: N802 - the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """The traceback, without values of rows."""
        return _OF_A_ROW.sub("DETAIL: left out", super().formatException(ei))
