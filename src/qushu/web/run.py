"""``qushu run``: the database, the web server and the worker, kept alive together and stopped in good order."""

import fcntl
import json
import os
import signal
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from qushu.kernel.postgres import PostgresTrouble, Server, close, home, open_server
from qushu.kernel.postgres_process import wait_until
from qushu.web.child import Child

WATCH_SECONDS = 0.25
READY_SECONDS = 60.0
PORT_PATIENCE = 15.0
THREADS_PER_PROCESS = 4
WORKER_GRACE = 8.0  # a long job is broken off then: each is a transaction, and is done again
HEADER_MS = 4000  # who began a request and doesn't go on would keep a worker from ending
MOST_PROCESSES = 8  # with their threads they leave room below the database's 100 connections


class RunTrouble(PostgresTrouble):
    """Qushu can't run: it runs already, the port is taken, or a part of it doesn't start."""


@dataclass(frozen=True)
class Plan:
    """How to run: where to listen, and how many demo cases to load into an empty database (0: none)."""

    host: str
    port: int
    cases: int

    @property
    def address(self) -> str:
        """What to open in a browser on this machine."""
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{shown}:{self.port}/"

    def web_command(self) -> list[str]:
        """The web server, serving collected static files by itself."""
        processes = max(1, min(os.cpu_count() or 1, MOST_PROCESSES))
        return [
            sys.executable, "-m", "qushu.web.webserver", "--interface", "wsgi", "--host", self.host, "--port", str(self.port),
            "--workers", str(processes), "--blocking-threads", str(THREADS_PER_PROCESS), "--no-ws",
            "--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "10",
            "--http1-header-read-timeout", str(HEADER_MS),
            "--static-path-route", "/static", "--static-path-mount", str(home() / "static"),
            "--static-path-expires", "300", "--log-level", "warning", "qushu.web.server:application",
        ]  # fmt: skip


def status() -> dict[str, Any] | None:
    """``pid`` and ``address`` of the run that holds this home, or None when nothing runs."""
    path = home() / "run.lock"
    if not path.exists():
        return None
    with path.open("r+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            known: dict[str, Any] = json.loads(lock.read() or "{}")
            return known
    return None


def run(plan: Plan, tell: Callable[[str], None]) -> None:
    """Run until Ctrl-C or SIGTERM. Raises RunTrouble (nothing is left running then)."""
    House(plan, tell).live()


class House:
    """The parts of a running Qushu."""

    def __init__(self, plan: Plan, tell: Callable[[str], None]) -> None:
        self._plan = plan
        self._tell = tell
        self._told_to_stop = threading.Event()
        self._database: Server | None = None
        self._children: list[Child] = []

    def live(self) -> None:
        """Start everything, watch it until told to stop, and stop it: web server, worker, database."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        home().mkdir(parents=True, exist_ok=True)
        with (home() / "run.lock").open("a+", encoding="utf-8") as lock:
            self._claim(lock)
            try:
                self._start()
                self._watch()
            finally:
                self._stop()
                lock.truncate(0)

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self._told_to_stop.set()

    def _claim(self, lock: TextIO) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            known = json.loads(lock.read() or "{}")
            raise RunTrouble(
                f"Qushu already runs on {home()}: "
                f"{known.get('address', 'just starting')} (pid {known.get('pid', '?')}). "
                f"Stop that one with Ctrl-C or kill, or give this one another QUSHU_HOME and --port."
            ) from None
        lock.seek(0)
        was_killed = bool(lock.read())
        # The children of a killed run end by themselves within seconds; until then they hold the port.
        if not wait_until(lambda: port_is_free(self._plan), PORT_PATIENCE if was_killed else 0):
            raise RunTrouble(
                f"Port {self._plan.port} on {self._plan.host} is taken by another program. "
                f'Stop it, or choose another port: make run ARGS="--port {self._plan.port + 1}"'
            )
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "address": self._plan.address}))
        lock.flush()

    def _start(self) -> None:
        if not os.environ.get("QUSHU_DATABASE_URL"):
            self._tell("Starting the database …")
            self._database = open_server(tell=self._tell)
        prepared = Child("preparation", qushu_command("prepare", "--cases", str(self._plan.cases)))
        prepared.start()
        self._children = [prepared]
        wait_until(lambda: prepared.pid is None or self._told_to_stop.is_set(), float("inf"))
        if self._told_to_stop.is_set():
            return
        if prepared.exit_code:
            raise RunTrouble("The database couldn't be prepared; the lines above say why. Nothing is running now.")
        web = Child("web server", self._plan.web_command())
        self._children = [web, Child("worker", qushu_command("worker"), grace=WORKER_GRACE)]
        for child in self._children:
            child.start()
        wait_until(lambda: self._answers() or web.pid is None or self._told_to_stop.is_set(), READY_SECONDS)
        if web.pid is None:
            raise RunTrouble("The web server didn't start; the lines above say why. Nothing is running now.")
        if not self._told_to_stop.is_set():
            self._greet()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(self._plan.address, timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def _greet(self) -> None:
        if said := first_accounts(accounts_file(), in_journal="JOURNAL_STREAM" in os.environ):
            self._tell(f"\n{said}")
        self._tell(f"\nQushu 区枢 runs at {self._plan.address}   Ctrl-C stops it.")

    def _watch(self) -> None:
        while not self._told_to_stop.wait(WATCH_SECONDS):
            if self._database is not None and self._database.pid is None:
                self._tell("The database ended; starting it again.")
                self._database.start()
                self._tell("The database runs again.")
            for child in self._children:
                said = child.revive()
                if said:
                    self._tell(said)

    def _stop(self) -> None:
        if self._children or self._database:
            self._tell("\nStopping …")
        for child in self._children:
            child.tell_to_end()
        for child in self._children:
            child.stop()
        if self._database is not None:
            close(self._database)
            self._tell("Stopped. The data is kept; `make run` continues with it.")


def accounts_file() -> Path:
    """Where the passwords generated at the first run are kept, readable by the owner only."""
    return home() / "first-accounts.txt"


def first_accounts(kept: Path, *, in_journal: bool) -> str:
    """What is said of the first accounts; the passwords too, unless a journal would keep them. "" when the file is gone."""
    if not kept.exists():
        return ""
    if in_journal:
        return f"First accounts, one per role, are in {kept}; delete it when you have changed them."
    head = f"First accounts, one per role (kept in {kept}; delete it when you have changed them):"
    return f"{head}\n{kept.read_text(encoding='utf-8').rstrip()}"


def port_is_free(plan: Plan) -> bool:
    """Whether we could listen there. Raises RunTrouble when the host isn't an address of this machine."""
    family = socket.AF_INET6 if ":" in plan.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((plan.host, plan.port))
        except socket.gaierror as error:
            raise RunTrouble(f"{plan.host} isn't an address of this machine: {error}.") from error
        except PermissionError as error:
            raise RunTrouble(f"Port {plan.port} needs root; choose one above 1023.") from error
        except OSError:
            return False
    return True


def qushu_command(*arguments: str) -> list[str]:
    """The command line of a qushu command run with this Python."""
    return [sys.executable, "-m", "qushu.web.cli", *arguments]
