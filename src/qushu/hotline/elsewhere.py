"""Work given to another process. It stands outside the packages that need Django, which is set up here first."""

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any


def processes(tool: Any, count: int) -> ProcessPoolExecutor:
    """A pool whose processes each keep a copy of `tool` for `ask`. They end with the process that started them."""
    return ProcessPoolExecutor(count, get_context("spawn"), _begin, (pickle.dumps(tool),))


def ask(method: str, *given: Any) -> Any:
    """To be submitted to such a pool: call a method of the tool."""
    act: Callable[..., Any] = getattr(_Kept.tool, method)
    return act(*given)


class _Kept:
    tool: Any


def _begin(packed: bytes) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    import django  # models can't be imported, or unpacked, before Django is set up

    django.setup()
    _Kept.tool = pickle.loads(packed)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
