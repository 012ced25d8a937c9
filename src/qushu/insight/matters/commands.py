"""`qushu matters`: the whole history once, and how well what the demo planted was found."""

from pathlib import Path

import click

from qushu.kernel.commandline import answer, json_option, with_district


@click.group("matters")
def matters_group() -> None:
    """Shared matters: what many people tell of one thing."""


@matters_group.command("build")
@click.option("--days", type=click.IntRange(1), default=400, show_default=True, help="Cases of so many days.")
@json_option
@with_district
def build(days: int, as_json: bool) -> None:
    """Join the cases of the last days that are in no matter yet; what people decided stays. May be run again."""
    from django.utils import timezone

    from qushu.insight.matters.history import look_at_history
    from qushu.kernel.progress import shown_progress

    with shown_progress("cases") as progress:
        found = look_at_history(days, timezone.now(), progress)
    said = "{found:,} matters found; {joined:,} of {read:,} cases joined; {repeats:,} repeat callers.".format(**found)
    answer(as_json, found, [said])


@matters_group.command("check")
@json_option
@with_district
def check(as_json: bool) -> None:
    """How well the matters, surges and repeat callers that the demo planted were found: best F1 of each over all matters; recall, precision."""
    from django.conf import settings

    from qushu.insight.matters.checking import SORTS, demo_figures

    try:
        found = demo_figures(Path(settings.HOME))
    except FileNotFoundError as error:
        raise click.ClickException("There is no demo/planted.json in this home: the demo year isn't loaded.") from error
    lines = [f"{sort}: mean best F1 {found[sort]['mean_best_f1']} over {found[sort]['planted']}" for sort in SORTS]
    lines.append(
        "repeat callers: recall {recall} of {planted}, precision {precision} of {found}".format(
            **found["repeat_callers"]
        )
    )
    lines += [f"  {row['title']}: F1 {row['f1']}, {row['cases']} cases" for row in found["matters"]["weakest"]]
    answer(as_json, found, lines)


@matters_group.command("measure")
@click.option("--lone", type=click.IntRange(1), default=1_000_000, show_default=True, help="Cases that stand alone.")
@click.option("--times", type=click.IntRange(1), default=200, show_default=True, help="New cases.")
@json_option
@with_district
def measure(lone: int, times: int, as_json: bool) -> None:
    """What one new case costs beside very many lone ones: read, weighed, compared, written.

    The others are copies of this centre's, drawn into the tables and rolled back; a million need some 3 GB of disk, which
    the database frees later: use a home of its own.
    """
    from django.utils import timezone

    from qushu.insight.matters.measuring import measure

    try:
        found = measure(lone, times, timezone.now())
    except ValueError as error:
        raise click.ClickException("No case stands alone here: run `qushu matters build` first.") from error
    lines = [f"{found['cases']} new cases beside {found['beside']:,}, ms (median, 95th percentile)"]
    lines += [f"  {name}: {found[name]}" for name in ("clock", "python", "database")]
    answer(as_json, found, lines)
