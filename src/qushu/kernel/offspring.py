"""What a process does that another one started for its work. Needs no Django to be set up."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor

PATIENCE = 15
PATIENT = "patient"
"""The queue's lock of long work: the worker does one of it at a time, so that what comes by the minute has its turn."""


def end_with_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end when it ends, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def patient() -> ProcessPoolExecutor:
    """One process for long work: slower than everything else on the machine, its memory is given back when it ends.

    It ends with the process that asked. Django is set up in it before it is given anything.
    """
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin_patiently)


def _begin_patiently() -> None:
    end_with_parent()
    os.nice(PATIENCE)
    import django  # models can't be imported before Django is set up

    django.setup()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
