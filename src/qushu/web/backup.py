"""Backup and restore: one tar file with the database, the uploads and a manifest; never the keys.

A restore goes into a new database first and takes the old one's place only when it is complete, so that a broken
backup file costs nothing.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from qushu.kernel.postgres import PostgresTrouble, binary, home
from qushu.web import secrets

DUMP, UPLOADS, MANIFEST = "database.dump", "uploads", "manifest.json"


class BackupTrouble(PostgresTrouble):
    """A backup or restore was refused or failed; the message says what was kept."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself. ``keys`` is a fingerprint of the keys its encrypted fields need.

    ``old_keys``: the same for data keys of before by which some may still be sealed.
    """

    made_at: str
    version: str
    keys: str
    dump_sha256: str
    uploads: int
    old_keys: list[str] = field(default_factory=list)


def back_up(url: str, target: Path) -> Manifest:
    """Write database and uploads into ``target``; it appears only when it is complete.

    Raises BackupTrouble when the file exists already or pg_dump fails.
    """
    if target.exists():
        raise BackupTrouble(f"{target} exists already; nothing was written. Choose another name.")
    uploads = home() / UPLOADS
    with tempfile.TemporaryDirectory(prefix=".qushu-backup-", dir=target.absolute().parent) as scratch:
        dump = Path(scratch) / DUMP
        _postgres("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        files = sum(1 for path in uploads.rglob("*") if path.is_file()) if uploads.exists() else 0
        keys, *old_keys = secrets.fingerprints(secrets.load())
        manifest = Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            version=version("qushu"),
            keys=keys,
            dump_sha256=_sha256(dump),
            uploads=files,
            old_keys=old_keys,
        )
        (Path(scratch) / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
        draft = Path(scratch) / "backup.tar"
        with tarfile.open(draft, "w") as archive:
            archive.add(Path(scratch) / MANIFEST, MANIFEST)
            archive.add(dump, DUMP)
            if uploads.exists():
                archive.add(uploads, UPLOADS)
        draft.chmod(0o600)
        draft.replace(target)
    return manifest


def restore(url: str, source: Path, replace: bool) -> Manifest:
    """Put database and uploads of a backup in place of this home's; a database with rows only when ``replace``.

    Raises BackupTrouble, with everything as it was, when the file is damaged, was made with other keys, when the
    database holds rows and ``replace`` is false, or when somebody is connected to it.
    """
    with tempfile.TemporaryDirectory(prefix=".qushu-restore-", dir=home()) as scratch:
        manifest = _unpack(source, Path(scratch))
        _refuse_if_in_use(url)
        if not replace and not is_empty(url):
            raise BackupTrouble(
                "This database holds data; nothing was changed. `qushu restore FILE --replace` puts the backup in its "
                "place; make a backup of what is there first."
            )
        _swap_database(url, Path(scratch) / DUMP)
        _swap_uploads(Path(scratch) / UPLOADS)
    return manifest


def is_empty(url: str) -> bool:
    """Whether no table of Qushu holds a row, apart from what migrations write themselves."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select quote_ident(schemaname) || '.' || quote_ident(relname) from pg_stat_user_tables "
            "where relname in ('cases_case', 'people_account')"
        ).fetchall()
        return not any(connection.execute(f"select 1 from {name} limit 1".encode()).fetchone() for (name,) in tables)


def _unpack(source: Path, folder: Path) -> Manifest:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, tarfile.TarError, ValueError, TypeError) as error:
        raise BackupTrouble(f"{source} can't be read as a backup of Qushu ({error}); nothing was changed.") from error
    if not (folder / DUMP).exists() or _sha256(folder / DUMP) != manifest.dump_sha256:
        raise BackupTrouble(f"{source} is damaged: its database doesn't match its manifest; nothing was changed.")
    if not {manifest.keys, *manifest.old_keys} <= set(secrets.fingerprints(secrets.load())):
        raise BackupTrouble(
            f"{source} was made with other keys, so its encrypted fields couldn't be read; nothing was changed. "
            f"Put the keys of that installation into {secrets.keys_file()} (or the environment) and try again."
        )
    return manifest


def _refuse_if_in_use(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select count(*) from pg_stat_activity where datname = current_database() "
            "and backend_type = 'client backend' and pid <> pg_backend_pid()"
        ).fetchone()
    if row and row[0]:
        raise BackupTrouble(f"{row[0]} connections use this database; nothing was changed. Stop `qushu run` first.")


def _swap_database(url: str, dump: Path) -> None:
    name = urlsplit(url).path.lstrip("/")
    fresh, former = f"{name}_restoring", f"{name}_before_restore"
    with psycopg.connect(_url_of(url, "postgres"), autocommit=True) as connection:

        def say(statement: str, *names: str) -> None:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

        say("drop database if exists {}", fresh)
        say("create database {} template template0", fresh)
        try:
            _postgres(
                "pg_restore", _url_of(url, fresh), "--exit-on-error", "--no-owner", "--no-privileges",
                f"--jobs={min(os.cpu_count() or 1, 4)}", str(dump),
            )  # fmt: skip
        except BackupTrouble:
            say("drop database if exists {}", fresh)
            raise
        say("drop database if exists {}", former)
        say("alter database {} rename to {}", name, former)
        say("alter database {} rename to {}", fresh, name)
        say("drop database {}", former)


def _swap_uploads(restored: Path) -> None:
    uploads = home() / UPLOADS
    former = home() / f"{UPLOADS}.before-restore"
    restored.mkdir(exist_ok=True)
    shutil.rmtree(former, ignore_errors=True)
    if uploads.exists():
        uploads.rename(former)
    restored.rename(uploads)
    shutil.rmtree(former, ignore_errors=True)


def _url_of(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _postgres(name: str, url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on a database. Its password goes by the environment: a command line is open to all."""
    known = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(known.pop("password"))} if known.get("password") else {}
    command = [str(binary(name)), f"--dbname={make_conninfo('', **known)}", *arguments]
    done = subprocess.run(command, env=os.environ | secret, capture_output=True, text=True)
    if done.returncode:
        raise BackupTrouble(f"{name} failed, and what was there is kept: {done.stderr.strip()}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
