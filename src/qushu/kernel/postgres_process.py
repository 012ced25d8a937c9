"""The processes of one PostgreSQL cluster: which are alive, which one leads, and waiting until they are gone."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.02


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask until the condition holds; False when it didn't within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def processes_of(cluster: Path) -> list[int]:
    """Living PostgreSQL processes of a cluster: each of them works in PGDATA as its current folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and works_in(int(entry.name), cluster):
            found.append(int(entry.name))
    return found


def works_in(pid: int, cluster: Path) -> bool:
    """Whether the process lives, is a postgres, and has the cluster as its current folder."""
    try:
        if Path(os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")).name != "postgres":
            return False
        return os.readlink(f"/proc/{pid}/cwd") == str(cluster)
    except OSError:  # it ended, or it isn't ours to look at
        return False


def postmaster_of(cluster: Path) -> int | None:
    """The pid in postmaster.pid when that process really is this cluster's; None when there is none or it is stale."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if works_in(pid, cluster) else None


def is_ready(cluster: Path) -> bool:
    """Whether the postmaster wrote that it accepts connections (eighth line of postmaster.pid)."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def end_orphans(cluster: Path, patience: float = 5.0) -> None:
    """Wait for the helpers of a killed postmaster; those still there after ``patience`` seconds are killed.

    They hold the cluster's shared memory, and a new postmaster refuses to start beside them. Killing them is safe: they
    can't commit without a postmaster being restarted, which replays the log from the disk.
    """
    for how in (signal.SIGQUIT, signal.SIGKILL):
        if wait_until(lambda: not processes_of(cluster), patience):
            return
        for pid in processes_of(cluster):
            send(pid, how)
    wait_until(lambda: not processes_of(cluster), patience)


def send(pid: int, how: signal.Signals) -> None:
    """Send a signal to a process that may already be gone."""
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return


def forget_stale_locks(cluster: Path, socket: Path) -> None:
    """Remove lock files of a dead postmaster; a recycled pid in them would stop the next start for ever."""
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    for leftover in socket.glob(".s.PGSQL.*"):
        leftover.unlink()
