"""`qushu ledger tables`: the twelve tables of a kept version as XLSX, DOCX or PDF."""

from pathlib import Path

import click

from qushu.kernel.commandline import answer, json_option, with_district


@click.command("tables")
@click.argument("version", type=int)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@with_district
def tables(version: int, path: Path, as_json: bool) -> None:
    """Write the tables of VERSION to PATH (.xlsx, .docx, .pdf); say which rules between them don't hold, and what is missing."""
    from qushu.ledger.disclosure.between import broken
    from qushu.ledger.disclosure.files import WRITERS
    from qushu.ledger.disclosure.twelve import tables_of
    from qushu.ledger.models import BudgetVersion

    found = BudgetVersion.objects.select_related("document").filter(pk=version).first()
    if found is None:
        raise click.ClickException("没有这一稿预算。")
    write = WRITERS.get(path.suffix.lower().removeprefix("."))
    if write is None:
        raise click.ClickException(f"文件名要以 {'、'.join(f'.{name}' for name in WRITERS)} 结尾。")
    grids = tables_of(found)
    path.write_bytes(write(grids, found))
    wrong = [one.words for one in broken(grids)]
    gaps = [f"{grid.name}：{gap}" for grid in grids for gap in grid.gaps]
    said = {"tables": len({grid.number for grid in grids}), "broken": wrong, "gaps": gaps}
    lines = [f"{found}: {said['tables']} tables written to {path}"]
    lines += [f"  doesn't agree: {words}" for words in wrong] + [f"  missing: {words}" for words in gaps]
    answer(as_json, said, lines)
