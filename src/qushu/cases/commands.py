"""`qushu audit …`: prove the histories, seal the days."""

import sys

import click

from qushu.kernel.commandline import answer, json_option, with_district


@click.group()
def audit() -> None:
    """The hash-chained history of every case."""


@audit.command("verify")
@click.argument("numbers", nargs=-1)
@json_option
@with_district
def verify_histories(numbers: tuple[str, ...], as_json: bool) -> None:
    """Find every changed, missing or inserted row, and words, callers and files that aren't as they were taken down.

    Checks all cases, or those with these NUMBERS, and names what it finds.

    Exit status 1 when something was found.
    """
    from qushu.cases.models import Case
    from qushu.cases.proof import verify_cases, verify_seals
    from qushu.kernel.progress import shown_progress

    ids = list(Case.objects.filter(number__in=numbers).values_list("id", flat=True)) if numbers else None
    if ids is not None and len(ids) < len(set(numbers)):
        raise click.ClickException("not every number is a case's number; nothing was checked")
    total = len(ids) if ids is not None else Case.objects.count()
    found, checked, unsworn = [], 0, 0
    with shown_progress("cases") as progress:
        for chunk in verify_cases(ids):
            checked = chunk.so_far
            found += chunk.findings
            unsworn += chunk.unsworn
            progress(checked, total)
    if ids is None:
        found += list(verify_seals())
    lines = [f"{finding.subject}: {finding.what}" for finding in found]
    if unsworn:
        lines.append(
            f"{unsworn:,} cases are without digests of words and caller: they were accepted before these were kept."
        )
    lines.append(f"{checked:,} cases checked, {len(found)} findings.")
    said = {"checked": checked, "without_digests": unsworn, "findings": [vars(finding) for finding in found]}
    answer(as_json, said, lines)
    sys.exit(1 if found else 0)


@audit.command("seal")
@json_option
@with_district
def seal(as_json: bool) -> None:
    """Seal every day before today that isn't sealed yet (the worker does so every night)."""
    from django.utils import timezone

    from qushu.cases.proof import seal_days

    made = seal_days(timezone.now())
    answer(as_json, {"sealed": [str(seal.day) for seal in made]}, [f"{len(made)} days sealed."])


commands: list[click.Command] = [audit]
