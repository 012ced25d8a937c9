"""`qushu search`: bring the index of cases up to the present words, learn what texts mean."""

import click

from qushu.kernel.commandline import answer, json_option, with_district


@click.group("search")
def search_group() -> None:
    """The index of the search."""


@search_group.command("reindex")
@json_option
@with_district
def reindex(as_json: bool) -> None:
    """Cut all texts again with the district's present names, the newest first, 2,000 a transaction.

    Needed after many names of areas or units were added; the search goes on meanwhile. May be broken off and begun anew.
    """
    from qushu.insight.search.reindexing import reindex_all
    from qushu.kernel.progress import shown_progress

    with shown_progress("cases") as progress:
        done = reindex_all(progress)
    answer(as_json, {"cases": done}, [f"{done:,} cases indexed."])


@search_group.command("learn")
@json_option
@with_district
def learn(as_json: bool) -> None:
    """Learn a new space of meaning from the newest cases and place every case in it."""
    from django.utils import timezone

    from qushu.insight.search.placing import learn_space, place_all
    from qushu.kernel.errors import Refused
    from qushu.kernel.progress import shown_progress

    try:
        kept = learn_space(timezone.now())
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    with shown_progress("cases") as progress:
        done = place_all(kept, progress)
    answer(as_json, {"learned_from": kept.cases, "placed": done}, [f"Learned from {kept.cases:,}, placed {done:,}."])
