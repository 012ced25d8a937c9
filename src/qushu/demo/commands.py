"""`qushu demo …`: load and clear the generated district."""

from datetime import datetime

import click

from qushu.kernel.commandline import answer, json_option, with_district


@click.group()
def demo() -> None:
    """The demo district: generated cases that look like a year of Hanyang's hotline."""


@demo.command()
@click.option("--cases", default=163_000, show_default=True, type=click.IntRange(1, 10_000_000), help="How many cases.")
@click.option("--seed", default=2024, show_default=True, help="The same seed gives the same data.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the year that is generated [default: yesterday]."
)
@click.option("--add", is_flag=True, help="Load although there are generated cases already.")
@json_option
@with_district
def load(cases: int, seed: int, until: datetime | None, add: bool, as_json: bool) -> None:
    """Seed the district and load generated cases; goes on where a load was broken off."""
    from qushu.demo.load import AlreadyLoaded, load_district
    from qushu.kernel.progress import shown_progress

    try:
        with shown_progress("cases") as progress:
            loaded = load_district(cases, seed, until.date() if until else None, progress, add)
    except AlreadyLoaded as already:
        raise click.ClickException(str(already)) from already
    rows = sum(loaded.counts.values())
    said = f"{loaded.counts.get('cases_case', 0):,} cases ({rows:,} rows) in {loaded.seconds:.0f} s."
    answer(as_json, {"counts": loaded.counts, "seconds": round(loaded.seconds, 1)}, [said])


@demo.command()
@click.confirmation_option(prompt="Remove all generated cases with their histories?")
@json_option
@with_district
def clear(as_json: bool) -> None:
    """Remove all generated cases; real ones stay."""
    from qushu.demo.clear import clear_district

    removed = clear_district()
    answer(as_json, {"removed": removed}, [f"{removed:,} generated cases removed."])


commands = [demo]
