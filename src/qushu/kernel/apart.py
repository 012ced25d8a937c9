"""What reads a file that somebody sent, in a process of its own with limits: a file that would fill the memory or never end
costs that process, not the server. Needs no Django."""

import pickle
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import IO, Any, BinaryIO

MEMORY = 2 << 30
"""Bytes of address space; Python with a reader takes a tenth of it."""

SECONDS = 120
"""Of processor time."""


class TooMuch(Exception):
    """It needed more memory or time than it may have, or broke down; nothing is known of what it had still to say."""


def apart(function: str, *given: Any, memory: int = MEMORY, seconds: int = SECONDS) -> Iterator[Any]:
    """What a generator function says, each item as it comes.

    ``function``: ``module:name``; what it is given and says must be picklable. Raises what it raises, and TooMuch.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
    ) as child:
        try:
            assert child.stdin and child.stdout
            with suppress(BrokenPipeError), child.stdin as ask:
                pickle.dump((function, given, memory, seconds), ask)
            while (said := _next(child.stdout)) is not None:
                what, value = said
                if what == "raised":
                    raise value
                yield value
        finally:
            child.kill()


def _next(stream: IO[bytes]) -> tuple[str, Any] | None:
    """What comes next; None at the end. Raises TooMuch when it breaks off before."""
    try:
        said: tuple[str, Any] = pickle.load(stream)
    except (EOFError, pickle.UnpicklingError) as ended:
        raise TooMuch from ended
    return None if said[0] == "done" else said


def main() -> None:
    """Do what stands on the standard input, and say it on the standard output."""
    function, given, memory, seconds = pickle.load(sys.stdin.buffer)
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    module, _, name = function.partition(":")
    told, sys.stdout = sys.stdout.buffer, sys.stderr  # what a reader prints is no answer
    try:
        items: Iterable[Any] = getattr(import_module(module), name)(*given)
        for item in items:
            _say(told, "item", item)
        _say(told, "done", None)
    except MemoryError:
        sys.exit(1)
    except Exception as error:  # whatever it is, it belongs to the one who asked
        _say(told, "raised", error)


def _say(stream: BinaryIO, what: str, value: Any) -> None:
    pickle.dump((what, value), stream)
    stream.flush()


if __name__ == "__main__":
    main()
