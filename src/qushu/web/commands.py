"""Commands that concern the whole house: run it, look after it, back it up. Slow imports stay inside the functions."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qushu.kernel.commandline import answer, json_option, note, with_district

if TYPE_CHECKING:
    from qushu.kernel.sealed import Sealing

DEMO_CASES = 163_000
DEMO_SEED = 2024


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--cases", default=DEMO_CASES, show_default=True, help="Demo cases for an empty database; 0 starts without demo."
)
def run(host: str, port: int, cases: int) -> None:
    """Start database, web server and worker."""
    from qushu.web.run import Plan
    from qushu.web.run import run as run_house

    run_house(Plan(host, port, cases), tell=click.echo)


@click.command()
@json_option
def status(as_json: bool) -> None:
    """Say whether Qushu runs (exit code 3: no)."""
    from qushu.web.run import status as ask

    known = ask()
    lines = [f"Runs at {known.get('address')} (pid {known.get('pid')})."] if known else ["Doesn't run."]
    answer(as_json, {"running": known is not None, **(known or {})}, lines)
    sys.exit(0 if known else 3)


@click.command(hidden=True)
@click.option("--cases", type=int, required=True)
@with_district
def prepare(cases: int) -> None:
    """What `run` does between starting the database and the web server."""
    from qushu.web.preparation import prepare as prepare_all

    prepare_all(cases, note)


@click.command()
@with_district
def migrate() -> None:
    """Bring the tables up to this version."""
    from django.core.management import call_command

    call_command("migrate", interactive=False)


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="Jobs done at the same time.")
@with_district
def worker(concurrency: int) -> None:
    """Do the jobs of the queue until stopped.

    `qushu run` starts one by itself; more may run beside it. Long work (learning, looking at the past, the history of
    matters, exports) holds locks that take all but one of the default places.
    """
    from procrastinate.contrib.django import app

    from qushu.cases.finding import teach_names

    teach_names()
    with app.replace_connector(app.connector.get_worker_connector()) as own:  # type: ignore[attr-defined]
        own.run_worker(concurrency=concurrency, shutdown_graceful_timeout=5.0)


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_district
def manage(arguments: tuple[str, ...]) -> None:
    """Django's own commands, such as shell."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["qushu manage", *arguments])


@click.command()
@json_option
def accounts(as_json: bool) -> None:
    """Show the accounts the first run made."""
    from qushu.web.preparation import read_first_accounts
    from qushu.web.run import accounts_file

    kept = read_first_accounts()
    if not kept:
        raise click.ClickException(f"{accounts_file()} isn't there: nothing ran yet, or it was deleted on purpose.")
    lines = [f"{role:<14}{username:<16}{password}" for role, username, password in kept]
    answer(as_json, [dict(zip(("role", "username", "password"), row, strict=True)) for row in kept], lines)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write database and uploads into FILE.

    Also while Qushu runs. The keys are not in it: keep them elsewhere.
    """
    from dataclasses import asdict

    from qushu.kernel.postgres import running
    from qushu.web.backup import back_up

    with running(tell=note) as url:
        manifest = back_up(url, file)
    size = file.stat().st_size
    answer(
        as_json,
        {"file": str(file), "bytes": size, **asdict(manifest)},
        [
            f"{file}: {size:,} bytes, with {manifest.uploads} uploads.",
            "Keep keys.json apart from it: without those keys the encrypted fields can't be read.",
        ],
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of data that is there.")
@json_option
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Put the database and uploads of a backup back.

    Stop `qushu run` first. A damaged backup, or one made with other keys, changes nothing.
    """
    from dataclasses import asdict

    from qushu.kernel.postgres import running
    from qushu.web.backup import restore as put_back

    with running(tell=note) as url:
        manifest = put_back(url, file, replace)
    answer(as_json, {"file": str(file), **asdict(manifest)}, [f"Restored the backup of {manifest.made_at}."])


@click.group()
def config() -> None:
    """How this installation is set up."""


@config.command("show")
@json_option
def config_show(as_json: bool) -> None:
    """Show where everything is, and which environment variables count."""
    from qushu.web.preparation import configuration

    shown = configuration(os.environ)
    answer(as_json, shown, [f"{name:<24}{value}" for name, value in shown.items()])


@click.group(invoke_without_command=True)
@click.pass_context
@json_option
def secrets(context: click.Context, as_json: bool) -> None:
    """Say where the keys come from; never the keys."""
    if context.invoked_subcommand:
        return
    from qushu.web import secrets as keys

    made = keys.load()
    path = keys.keys_file()
    shown = {
        "file": str(path) if path.exists() else None,
        "from_environment": [name for name in keys.VARIABLES if os.environ.get(name)],
        "fingerprint": keys.fingerprints(made)[0],
        "old_keys": len(made.old_keys),
    }
    answer(as_json, shown, [f"{name:<18}{value}" for name, value in shown.items()])


@secrets.command()
@json_option
def rotate(as_json: bool) -> None:
    """Make a new data key; the former still opens what it sealed.

    Stop `qushu run` first. Afterwards start it again, and `qushu secrets reseal` while it runs.
    """
    from qushu.web import secrets as keys
    from qushu.web.run import status as running

    if running() is not None:
        raise click.ClickException("Qushu runs; nothing was changed. Stop it, then make the new key.")
    keys.rotate(os.environ.get("QUSHU_CIPHER", "aes"))
    made = keys.load()
    answer(
        as_json,
        {"fingerprint": keys.fingerprints(made)[0], "old_keys": len(made.old_keys)},
        [
            f"A new data key is in {keys.keys_file()}: keep a copy of that file elsewhere now.",
            "The former key stays in it. Start Qushu again, then `qushu secrets reseal`.",
        ],
    )


@secrets.command()
@json_option
@with_district
def reseal(as_json: bool) -> None:
    """Seal by today's key and cipher what was sealed by others.

    Also while Qushu runs. Broken off, it goes on where it stopped.
    """
    done = _sealed_again()
    lines = [f"Sealed again: {done.again:,}. Sealed by today's key before: {done.current:,}."]
    lines += [f"No key here opens {place}; it stays as it is." for place in done.shut]
    answer(as_json, {"again": done.again, "current": done.current, "shut": done.shut}, lines)
    sys.exit(1 if done.shut else 0)


@secrets.command()
@json_option
@with_district
def forget(as_json: bool) -> None:
    """Let the old data keys go, once nothing here needs them.

    Backups of before need them: keep the former keys.json beside those.
    """
    from qushu.web import secrets as keys

    done = _sealed_again()
    if done.shut:
        raise click.ClickException(
            f"{len(done.shut)} values open with no key that is here (first: {done.shut[0]}); the old keys stay."
        )
    gone = keys.forget()
    answer(as_json, {"forgotten": gone}, [f"Old keys let go: {gone}."])


def _sealed_again() -> "Sealing":
    from qushu.kernel.progress import shown_progress
    from qushu.kernel.sealed import seal_again

    with shown_progress("sealed values") as progress:
        return seal_again(progress)


@click.command()
@click.option("--cases", default=163_000, show_default=True, type=click.IntRange(1000), help="Cases to measure among.")
@click.option(
    "--copies", default=1, show_default=True, type=click.IntRange(1), help="How often each case stands there."
)
@click.option("--quick", is_flag=True, help="Fewer repetitions: says whether it runs, not how fast.")
def bench(cases: int, copies: int, quick: bool) -> None:
    """One table of speeds beside references measured in the same run, on a database of its own."""
    from qushu.kernel.commandline import district
    from qushu.kernel.postgres import home

    os.environ["QUSHU_HOME"] = str(home() / f"bench-{cases * copies}")
    with district():
        from django.utils import timezone

        from qushu.web.bench.run import run_bench

        click.echo(run_bench(cases, copies, timezone.now(), note, quick))


commands: list[click.Command] = [
    bench, run, status, prepare, migrate, worker, manage, accounts, backup, restore, config, secrets,
]  # fmt: skip
