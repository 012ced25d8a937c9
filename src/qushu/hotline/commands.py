"""`qushu import`: cases from a file of another system."""

import sys
from pathlib import Path

import click

from qushu.kernel.commandline import answer, json_option, with_district


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping", "mapping_name", required=True, help="A mapping of Qushu's (pingshan, hotline_orders) or a TOML file."
)
@json_option
@with_district
def import_cases(file: Path, mapping_name: str, as_json: bool) -> None:
    """Make cases of the rows of FILE (CSV, XLSX, JSON, also .gz).

    Running it again changes nothing. A row that can't be a case is kept with its line and the reason and never stops
    the rest; exit status 1 when there were such rows.
    """
    from django.utils import timezone

    from qushu.hotline.importing import import_file
    from qushu.hotline.importing.mapping import BadMapping, read_mapping
    from qushu.hotline.models import FeedRow
    from qushu.kernel.collecting import collect_seldom
    from qushu.kernel.errors import Refused
    from qushu.kernel.progress import shown_progress
    from qushu.people.access import SYSTEM

    collect_seldom()
    try:
        mapping = read_mapping(mapping_name)
        with shown_progress("rows") as progress:
            done = import_file(SYSTEM, file, mapping, timezone.now(), progress)
    except (BadMapping, Refused) as error:
        raise click.ClickException(str(error)) from error
    refused = list(FeedRow.objects.filter(batch=done.batch_id).order_by("line").values("line", "reason")[:1000])
    lines = [f"line {row['line']}: {row['reason']}" for row in refused[:50]]
    lines.append(f"{done.accepted:,} accepted, {done.unchanged:,} unchanged, {done.refused:,} refused.")
    answer(as_json, {**vars(done), "rows_refused": refused}, lines)
    sys.exit(1 if done.refused else 0)


@click.group()
def feed() -> None:
    """Sources that send cases: push, folder, address."""


@feed.command("pull")
@click.argument("code")
@click.option("--at-once", is_flag=True, help="Read files that are seen for the first time too, whole or not.")
@json_option
@with_district
def pull_feed(code: str, at_once: bool, as_json: bool) -> None:
    """Look for new files or content at the place of source CODE.

    A file is read when it looks as it did at the look before, so that one still being written is left alone. Exit
    status 1 when rows were refused or a file is broken.
    """
    from django.utils import timezone

    from qushu.hotline.feeds.pulling import pull
    from qushu.kernel.errors import Refused
    from qushu.people.access import SYSTEM

    try:
        done = pull(SYSTEM, code, timezone.now(), at_once=at_once)
    except Refused as error:
        raise click.ClickException(error.message) from error
    told = [
        {name: getattr(one, name) for name in ("id", "name", "accepted", "unchanged", "refused", "error")}
        for one in done.batches
    ]
    lines = [
        "{name}: {accepted:,} accepted, {unchanged:,} unchanged, {refused:,} refused. {error}".format(**one)
        for one in told
    ]
    lines += [f"{name}: waits, until it looks the same twice." for name in done.waiting]
    answer(as_json, {"batches": told, "waiting": done.waiting}, lines or ["Nothing new."])
    sys.exit(1 if any(one["refused"] or one["error"] for one in told) else 0)


commands: list[click.Command] = [import_cases, feed]
