"""Work given to another process. It stands outside the packages that need Django, which is set up here first."""

import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from qushu.kernel.collecting import collect_seldom
from qushu.kernel.offspring import end_with_parent


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
    end_with_parent()
    import django  # models can't be imported, or unpacked, before Django is set up

    django.setup()
    _Kept.tool = pickle.loads(packed)
    collect_seldom()
