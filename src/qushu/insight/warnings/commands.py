"""This room's part of the command line: how good warnings and forecasts are, and what the rules would have raised."""

from pathlib import Path
from typing import Any

import click

from qushu.kernel.commandline import answer, json_option, with_district

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
calendar_option = click.option(
    "--calendar",
    type=click.Choice(["auto", "cn", "us"]),
    default="auto",
    show_default=True,
    help="Whose public holidays; auto takes those that explain the known past best.",
)


@click.command("surges")
@click.option("--cases", type=existing_file, required=True, help="Cases (CSV, XLSX, JSON, also .gz).")
@click.option("--time", required=True, metavar="COL", help="The column of moments, in local time.")
@click.option("--type", "kind", metavar="COL", help="The column of types.")
@click.option("--place", metavar="COL", help="The column of places.")
@click.option("--event", metavar="DAY", help="A day (2011-08-28) on which something is known to have happened.")
@calendar_option
@json_option
def surges(
    cases: Path, time: str, kind: str | None, place: str | None, event: str | None, calendar: str, as_json: bool
) -> None:
    """Surges in a file's cases, looked at every hour as the service does, beside EARS C1 to C3 on daily totals."""
    from datetime import date

    from qushu.insight.warnings.evaluating import surge_figures
    from qushu.insight.warnings.reading import read_cases
    from qushu.insight.warnings.settings import Settings
    from qushu.kernel.errors import Refused

    try:
        day = date.fromisoformat(event) if event else None
        read, *names = read_cases(cases, time, kind, place)
        found = surge_figures(read, (names[0], names[1]), calendar, day, Settings())
    except (Refused, ValueError) as error:
        raise click.ClickException(str(error)) from error
    answer(as_json, found, _lines(found))


@click.command("forecast")
@click.option("--counts", type=existing_file, help="Counts by day or month (two columns).")
@click.option("--cases", type=existing_file, help="Cases, of which the daily counts are made; with --time.")
@click.option("--time", metavar="COL", help="The column of moments of --cases.")
@click.option(
    "--from",
    "since",
    metavar="MONTH",
    help="The first month that is scored (2023-01); without it the last 24 complete ones are.",
)
@click.option("--until", metavar="MONTH", help="The last month that is scored.")
@calendar_option
@json_option
def forecast(
    counts: Path | None,
    cases: Path | None,
    time: str | None,
    since: str | None,
    until: str | None,
    calendar: str,
    as_json: bool,
) -> None:
    """Forecasts of days (28 days ahead) or months (one ahead) from rolling origins, beside plain references."""
    from qushu.insight.warnings.evaluating_forecasts import forecast_figures
    from qushu.kernel.errors import Refused

    if (counts is None) == (cases is None) or (cases is not None and not time):
        raise click.ClickException("Give either --counts, or --cases with --time.")
    try:
        found = forecast_figures(counts, cases, time or "", since, until, calendar)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    answer(as_json, found, _lines(found))


@click.group("warnings")
def warnings_group() -> None:
    """Warnings of this centre."""


@warnings_group.command("replay")
@json_option
@with_district
def replay(as_json: bool) -> None:
    """Look at the demo year hour by hour with the present rule, against what was planted; nothing is written."""
    from django.conf import settings
    from django.utils import timezone

    from qushu.insight.warnings.replaying import demo_figures
    from qushu.kernel.progress import shown_progress

    try:
        with shown_progress("hours looked at") as progress:
            found = demo_figures(Path(settings.HOME), timezone.now(), progress)
    except FileNotFoundError as error:
        raise click.ClickException("There is no demo/planted.json in this home: the demo year isn't loaded.") from error
    answer(as_json, found, _lines(found))


def _lines(found: dict[str, Any], indent: str = "") -> list[str]:
    """Figures one a line; a table in a table stands further in."""
    lines = []
    for name, value in found.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
        elif isinstance(value, list):
            lines += [
                f"{indent}{name}:",
                *(f"{indent}  {_row(row)}" for row in value),
            ]
        else:
            lines.append(f"{indent}{name}: {value}")
    return lines


def _row(row: Any) -> str:
    return "  ".join(map(str, row.values())) if isinstance(row, dict) else str(row)


evaluations: list[click.Command] = [surges, forecast]
