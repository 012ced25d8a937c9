"""Work done in a process of its own, so that its time and its memory are its own too."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Done(Generic[T]):
    """What came out, how long it took (wall clock; processor, with processes of its own), and the most memory the process held."""

    result: T
    seconds: float
    cpu_seconds: float
    peak_mb: float


def run_apart(work: Callable[..., T], *given: Any) -> Done[T]:
    """Run `work(*given)` in a forked process. Raises RuntimeError when it ended without an answer."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(theirs, work, given))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        raise RuntimeError(f"{work.__name__} ended without an answer") from None
    finally:
        process.join()


def _send(pipe: Any, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    began = time.perf_counter()
    result = work(*given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send(Done(result, time.perf_counter() - began, _cpu_seconds(), peak))


def _cpu_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
