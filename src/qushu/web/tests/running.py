"""A `qushu run` of a test's own, driven as an operator and its users do."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qushu.kernel.postgres_process import postmaster_of, processes_of, wait_until
from qushu.kernel.postgres_server import answers

PATIENCE = 120


class Run:
    """A `qushu run` without demo cases, with its own home and port; its output goes to a file."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.home = folder / "home"
        self._log = folder / "log.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        environment = {name: value for name, value in os.environ.items() if name != "QUSHU_DATABASE_URL"}
        return [sys.executable, "-m", "qushu.web.cli", *arguments], environment | {"QUSHU_HOME": str(self.home)}

    def start(self) -> None:
        before = self.said.count("runs at")
        self.launch(*self.command("run", "--cases", "0", "--port", str(self.port)))
        assert wait_until(lambda: self.said.count("runs at") > before or self.ended, PATIENCE), self.said
        assert not self.ended, self.said

    def launch(self, command: list[str], environment: dict[str, str]) -> None:
        """Start it without waiting until it runs."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        if not self.ended:
            self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command, environment = self.command(*arguments)
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def said(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @property
    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/login/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    @property
    def database(self) -> str:
        """Its URL, once it takes connections."""
        url = (self.home / "database.url").read_text().strip()
        assert wait_until(lambda: answers(url), PATIENCE), self.said
        return url

    @property
    def database_processes(self) -> list[int]:
        return processes_of(self.cluster)

    @property
    def cluster(self) -> Path:
        return self.home.resolve() / "postgres" / "cluster"

    def child(self, word: str) -> int | None:
        """Pid of our child whose command line holds the word; of the database also when a killed run left it behind."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in (*map(int, children), *filter(None, [postmaster_of(self.cluster)])):
            if word in command_line_of(pid):
                return pid
        return None


def command_line_of(pid: int) -> str:
    """Its words with spaces between; nothing once it is gone (it may end between being listed and being read)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


@contextmanager
def running_house() -> Iterator[Run]:
    """A started run in a folder of its own; stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="qushu-run-") as name:
        Path(name).chmod(0o711)  # the database's own account passes through when we are root
        run = Run(Path(name))
        run.home.mkdir()
        try:
            run.start()
            yield run
        finally:
            run.stop()
