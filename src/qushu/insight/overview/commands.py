"""`qushu lake measure`: it asks the questions of cross-cuts, so it stands here; the group is the lake's."""

import os
from dataclasses import asdict

import click

from qushu.kernel.commandline import answer, json_option, note


@click.command("measure")
@click.option("--rows", type=click.IntRange(min=1_000), default=10_000_000, show_default=True, help="Rows to draw.")
@click.option("--times", type=click.IntRange(min=2), default=20, show_default=True, help="How often each is asked.")
@json_option
def measure_lake(rows: int, times: int, as_json: bool) -> None:
    """Cross-cuts over drawn rows beside bare SQL on the same files; needs no database, leaves nothing behind."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qushu.web.settings")
    django.setup()
    from django.utils import timezone

    from qushu.insight.overview.measuring import measure

    found = measure(rows, times, timezone.now(), note)
    lines = [
        f"{f'{rows:,} rows, ms':46}{'first':>8}{'bare':>8}{'p95':>10}{'bare':>8}{'ratio':>7}{'quickest':>11}{'bare':>8}"
    ]
    lines += [
        f"{one.name:46}{one.first:8.0f}{one.bare_first:8.0f}"
        f"{one.ours:10.0f}{one.bare:8.0f}{one.ratio:7.2f}{one.quickest:11.0f}{one.bare_quickest:8.0f}"
        f"{'' if one.same else '  NOT THE SAME'}"
        for one in found
    ]
    told = [asdict(one) | {"ratio": one.ratio} for one in found]
    answer(as_json, {"rows": rows, "times": times, "questions": told}, lines)
