"""`qushu lake`: the columnar copy that analysis reads."""

import time

import click

from qushu.kernel.commandline import answer, json_option, note, with_district


@click.group("lake")
def lake_group() -> None:
    """The columnar copy (Parquet, DuckDB) that overview and cross-cuts read."""


@lake_group.command("build")
@json_option
@with_district
def build(as_json: bool) -> None:
    """Write the whole copy anew; what reads meanwhile reads the old one."""
    from django.utils import timezone

    from qushu.lake.copying import build
    from qushu.lake.files import folder

    begun = time.perf_counter()
    rows = build(timezone.now(), lambda done: note(f"{done:,} rows"))
    if not rows:
        note("Nothing was written: there are no cases, or another process is writing the copy.")
    size = sum(path.stat().st_size for path in folder().glob("*.parquet"))
    seconds = time.perf_counter() - begun
    answer(
        as_json,
        {"rows": rows, "bytes": size, "seconds": round(seconds, 1)},
        [f"{rows:,} rows, {size / 1e6:,.1f} MB in {seconds:,.1f} s."],
    )


commands: list[click.Command] = [lake_group]
