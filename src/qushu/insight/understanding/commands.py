"""`qushu insight`: learn the models anew, and the names of places, by hand."""

from typing import Any

import click

from qushu.kernel.commandline import answer, json_option, note, with_district


@click.group("insight")
def insight_group() -> None:
    """Understanding of cases: learning by hand what the worker learns each night."""


@insight_group.command("retrain")
@click.option("--what", type=click.Choice(["unit", "category"]), multiple=True, help="Only this model (default: both).")
@json_option
@with_district
def retrain(what: tuple[str, ...], as_json: bool) -> None:
    """Learn the models anew from the cases of twelve months; each is put in service only when it is better.

    At most the newest 60,000 cases are learned from. Exit status 0 also when a model isn't better or there is too
    little to learn from; the answer says so.
    """
    from django.utils import timezone

    from qushu.insight.understanding.actions import retrain as learn
    from qushu.kernel.errors import Refused

    found: list[dict[str, Any]] = []
    for one in what or ("unit", "category"):
        try:
            version = learn(one, timezone.now(), tell=note)
            row = {"name": version.name, "state": version.state, "reason": version.reason, "seconds": version.seconds}
            found.append(row | {"top1": version.top1, "top3": version.top3, "former_top1": version.former_top1})
        except Refused as refused:
            found.append({"name": one, "state": "refused", "reason": refused.message})
    answer(as_json, found, [f"{one['name']} ({one['state']}): {one['reason']}" for one in found])


@insight_group.command("learn-places")
@json_option
@with_district
def learn_places(as_json: bool) -> None:
    """Learn the names of estates, roads and companies from the cases of twelve months."""
    from django.utils import timezone

    from qushu.insight.understanding.learned_places import learn_places as learn

    count = learn(timezone.now())
    answer(as_json, {"names": count}, [f"{count:,} names of places kept."])


@insight_group.command("count-suggestions")
@json_option
@with_district
def count_suggestions(as_json: bool) -> None:
    """Count how often the suggested unit was right, by week; the worker does it every hour."""
    from django.utils import timezone

    from qushu.insight.understanding.accuracy import fold_weeks

    count = fold_weeks(timezone.now())
    answer(as_json, {"rows": count}, [f"{count:,} rows of weeks counted."])
