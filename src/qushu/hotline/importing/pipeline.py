"""Chunks on their way from the file to the database: the next is read while one is written, another process builds."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from typing import TypeVar

from qushu.hotline import elsewhere

from .building import Builder, Ready
from .copying import Lines

ALONE = 2
"""So many chunks are built here: a small file isn't worth a process. Then one begins, and builds as soon as it is there."""

AHEAD = 2
"""So many chunks are under way there while another is written. One process builds twice as fast as the database writes."""

T = TypeVar("T")
Built = tuple[list[Ready], Lines]


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items; while one is used, a thread fetches the next: for items that need no database."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(list, islice(items, 1))
        while item := coming.result():
            coming = thread.submit(list, islice(items, 1))
            yield item[0]


def is_there(begun: Future[bool]) -> bool:
    """Whether a process that was given this to do has begun to work."""
    return begun.done()


def built_in_order(chunks: Iterator[list[Ready]], builder: Builder) -> Iterator[Built]:
    """Each chunk with its lines, in the order they came; only a few are under way at a time, whatever the file's size."""
    waiting: deque[tuple[list[Ready], Future[Lines]]] = deque()
    with ExitStack() as stack:
        for number, chunk in enumerate(chunks):
            if number == ALONE:
                pool = stack.enter_context(elsewhere.processes(builder, 1))
                begun = pool.submit(bool)
            if number < ALONE or not is_there(begun):
                yield chunk, builder.build(chunk)
                continue
            waiting.append((chunk, pool.submit(elsewhere.ask, "build", chunk)))
            if len(waiting) > AHEAD:
                first, built = waiting.popleft()
                yield first, built.result()
        while waiting:
            first, built = waiting.popleft()
            yield first, built.result()
