"""A program that ``qushu run`` starts and keeps alive."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence

from qushu.kernel.postgres_process import wait_until

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Child:
    """One child process with its own process group. ``grace`` seconds are given to end by itself when told to."""

    def __init__(self, name: str, command: Sequence[str], grace: float = 20.0) -> None:
        self.name = name
        self._command = list(command)
        self._grace = grace
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._again_at = 0.0
        self._told = False

    @property
    def pid(self) -> int | None:
        """Its process id while it lives."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it lives."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start it. It is told to end when we die, even by kill -9, and gets no Ctrl-C of its own."""
        self._started = time.monotonic()
        self._told = False
        self._process = subprocess.Popen(self._command, start_new_session=True, preexec_fn=_end_with_parent)

    def revive(self) -> str | None:
        """Start it again when it ended, after a pause that doubles while it keeps ending; returns what to tell."""
        if self.pid is not None:
            return None
        now = time.monotonic()
        if not self._again_at:
            self._end_group(signal.SIGKILL)  # what a killed parent leaves behind would keep the port
            self._pause = FIRST_PAUSE if now - self._started > STEADY_SECONDS else self._pause
            self._again_at = now + self._pause
            said = f"{self.name} ended ({self._how()}); starting it again in {self._pause:g} s."
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            return said
        if now >= self._again_at:
            self._again_at = 0.0
            self.start()
        return None

    def tell_to_end(self) -> None:
        """Ask it to end, once: a second SIGTERM would have it drop what it does."""
        if self._process is not None and self._process.poll() is None and not self._told:
            self._told = True
            self._process.terminate()

    def stop(self) -> None:
        """Ask it to end, and end it by force when ``grace`` seconds pass."""
        if self._process is None:
            return
        self.tell_to_end()
        wait_until(lambda: self.pid is None, self._grace)
        self._end_group(signal.SIGKILL)
        self._process.wait()

    def _end_group(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, how)
        except ProcessLookupError:
            return

    def _how(self) -> str:
        code = self.exit_code or 0
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
