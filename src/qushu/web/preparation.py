"""What has to be in place before the web server starts: tables, static files, the demo district, first accounts."""

import os
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

from qushu.kernel.postgres import NotRunning, database_url, home
from qushu.web import secrets
from qushu.web.run import accounts_file

PRIVATE = ("uploads", "exports", "lake", "models")
VARIABLES = {
    "QUSHU_HOSTS": "127.0.0.1,localhost",
    "QUSHU_ORIGINS": "",
    "QUSHU_HTTPS": "0",
    "QUSHU_DISTRICT": "汉阳区",
    "QUSHU_NUMBER_PREFIX": "HY",
    "QUSHU_CIPHER": "aes",
    "QUSHU_LOG": "WARNING",
    "QUSHU_DEBUG": "0",
}


def prepare(cases: int, tell: Callable[[str], None]) -> None:
    """Migrate, collect static files, seed code tables, load ``cases`` demo cases into an empty database, make accounts.

    A centre of its own (``cases`` 0) starts with the code tables too; it brings its areas, units and people itself.

    A demo load that was broken off goes on where it stopped.
    """
    from django.core.management import call_command

    keep_to_ourselves()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    _seed_codes()
    if cases:
        _load_demo_once(cases, tell)
    _make_first_accounts()


def keep_to_ourselves() -> None:
    """Make the folders that hold what citizens sent, and what is counted of it, readable by this system's user only."""
    for name in PRIVATE:
        (home() / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        (home() / name).chmod(0o700)


def _seed_codes() -> None:
    """All code tables of an empty centre; later only the calendar of a year that has become known, and new limits."""
    from django.db import transaction

    from qushu.cases.models import Channel
    from qushu.cases.seed import seed_calendar, seed_codes, seed_limits
    from qushu.hotline.seed import seed_hotline

    with transaction.atomic():
        if Channel.objects.exists():
            seed_calendar()
            seed_limits()
        else:
            seed_codes()
            seed_hotline()


def _load_demo_once(cases: int, tell: Callable[[str], None]) -> None:
    from qushu.cases.models import Case
    from qushu.demo.load import load_district
    from qushu.demo.models import Load
    from qushu.kernel.progress import shown_progress

    broken_off = Load.objects.filter(finished_at=None).exists()
    if Case.objects.exists() and not broken_off:
        return
    tell(f"Loading the demo district with {cases:,} generated cases, once …")
    with shown_progress("cases") as progress:
        load_district(cases, progress=progress)


def _make_first_accounts() -> None:
    from qushu.people.first_accounts import ensure_first_accounts

    made = ensure_first_accounts()
    if not made:
        return
    with open(os.open(accounts_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.writelines(f"{role:<14} {username:<16} {password}\n" for role, username, password in made)


def read_first_accounts() -> list[tuple[str, str, str]]:
    """Role, username and password of each first account, as long as their file is kept."""
    if not accounts_file().exists():
        return []
    rows = [line.split() for line in accounts_file().read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(role, username, password) for role, username, password in rows]


def configuration(environment: Mapping[str, str]) -> dict[str, str]:
    """Where everything is and what the environment says; passwords masked."""
    try:
        database = _masked(database_url())
    except NotRunning:
        database = f"embedded in {home() / 'postgres'}, not running now"
    keys = [name for name in secrets.VARIABLES if environment.get(name)]
    shown = {
        "home": str(home()),
        "database": database,
        "database from": "QUSHU_DATABASE_URL" if environment.get("QUSHU_DATABASE_URL") else "embedded",
        "keys from": ", ".join(keys) if len(keys) == len(secrets.VARIABLES) else str(secrets.keys_file()),
        "uploads": str(home() / "uploads"),
    }
    return shown | {name: environment.get(name, f"{default} (default)") for name, default in VARIABLES.items()}


def _masked(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":***@")))
