"""`qushu evaluate`: how good the methods of the analysis system are, on files, beside plain references."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from qushu.insight.matters.commands import matters_group
from qushu.insight.overview.commands import measure_lake
from qushu.insight.search.commands import search_group
from qushu.insight.understanding.commands import insight_group
from qushu.insight.warnings.commands import evaluations as evaluations_of_warnings
from qushu.insight.warnings.commands import warnings_group
from qushu.kernel.commandline import answer, json_option, note
from qushu.lake.commands import lake_group

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("evaluate")
def evaluate_group() -> None:
    """Measure a method on files, without a database, beside a reference in the same run."""


def _labelled_options(command: Callable[..., None]) -> Callable[..., None]:
    options = [
        click.option(
            "--train", type=existing_file, required=True, help="Rows to learn from (CSV, XLSX, JSON, also .gz)."
        ),
        click.option("--test", type=existing_file, required=True, help="Rows to answer; nothing is learned from them."),
        click.option("--text", required=True, metavar="COL", help="The column of texts."),
        click.option("--label", required=True, metavar="COL", help="The column of labels."),
        click.option("--time", metavar="COL", help="The column of dates (default: the first that holds only dates)."),
        click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same figures."),
        json_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command


@evaluate_group.command("classify")
@_labelled_options
def classify(**options: Any) -> None:
    """Categories of texts: accuracy and macro-F1 beside TF-IDF and a linear support vector machine."""
    _evaluate(dispatch=False, **options)


@evaluate_group.command("dispatch")
@_labelled_options
def dispatch(**options: Any) -> None:
    """Units for cases: first and first three answers, macro-F1, and the share that could be dispatched alone.

    ``auto_share_at_95`` is the share of test rows above the confidence at which 95 % of held-out training rows were
    right; ``auto_accuracy`` is how many of them were right in the test.
    """
    _evaluate(dispatch=True, **options)


@evaluate_group.command("groups")
@click.option("--messages", type=existing_file, required=True, help="Messages (CSV, XLSX, JSON, also .gz).")
@click.option("--gold", type=existing_file, help="Known events: columns `event` and the messages' key.")
@click.option("--resampled", type=click.IntRange(min=2), metavar="N", help="Instead: N texts drawn from the messages.")
@click.option("--key", default="msg_key", show_default=True, metavar="COL", help="The column that names a message.")
@click.option("--title", metavar="COL", help="The column of titles (default: the second longest texts).")
@click.option("--text", metavar="COL", help="The column of texts (default: the longest texts).")
@json_option
def groups(
    messages: Path,
    gold: Path | None,
    resampled: int | None,
    key: str,
    title: str | None,
    text: str | None,
    as_json: bool,
) -> None:
    """Shared matters: each known event's best F1 over the groups that are found. Who wrote is never looked at.

    With --resampled the cost of very many: texts of about 100 characters, each a message with a fifth of its words
    changed; the events are the copies of 500 of the messages.
    """
    from qushu.insight.evaluation.groups import measured, read_events, read_messages
    from qushu.insight.evaluation.resampling import drawn
    from qushu.kernel.errors import Refused
    from qushu.kernel.progress import shown_progress

    if (gold is None) == (resampled is None):
        raise click.UsageError("Give either --gold FILE or --resampled N.")
    try:
        read = read_messages(messages, key, title, text)
        read, events = (read, read_events(gold, key)) if gold else drawn(read, resampled or 0)
        with shown_progress("messages compared") as progress:
            found = measured(read, events, progress)
        if resampled:
            del found["events"]
    except Refused as error:
        raise click.ClickException(str(error)) from error
    rows = [
        f"{name}: F1 {one['f1']}, precision {one['precision']}, recall {one['recall']}"
        for name, one in found.get("events", {}).items()
    ]
    said = f"mean best F1 {found['mean_best_f1']} ({found['groups']:,} groups, the largest of {found['largest_group']})"
    answer(as_json, found, [*rows, said, *_beside(found)])


def _beside(found: dict[str, Any]) -> list[str]:
    """Time, memory and F1 of our grouping and of those beside it."""
    lines = [f"{'':10}{'F1':>8}{'seconds':>10}{'of CPU':>10}{'peak MB':>10}{'largest':>10}"]
    for name, one in {"ours": found, **found["reference"]}.items():
        if isinstance(one, str):
            lines.append(f"{name:10}{one}")
        else:
            cells = (one["mean_best_f1"], one["seconds"], one["cpu_seconds"], one["peak_mb"], one["largest_group"])
            lines.append(f"{name:10}{cells[0]:>8}" + "".join(f"{cell:>10}" for cell in cells[1:]))
    return ["", *lines]


@evaluate_group.command("links")
@click.option("--cases", type=existing_file, required=True, help="Cases (CSV, XLSX, JSON, also .gz).")
@click.option("--pairs", type=existing_file, help="Columns `child` (the later case) and `parent`: their numbers.")
@click.option("--cut", is_flag=True, help="Without --pairs: cut orders that quote an earlier one into two.")
@click.option("--id", "number", default="id", show_default=True, metavar="COL", help="Number of the case.")
@click.option("--time", default="time", show_default=True, metavar="COL", help="When it came in (ISO).")
@click.option("--text", default="text", show_default=True, metavar="COL", help="Its words.")
@click.option("--caller", metavar="COL", help="Key of the caller, if there is one.")
@click.option("--address", metavar="COL", help="Address, if there is one.")
@json_option
def links(cases: Path, pairs: Path | None, cut: bool, as_json: bool, **names: str | None) -> None:
    """Follow-ups: the share of pairs whose parent is first among the earlier cases that may be asked about.

    Candidates come by quoted number, then by likeness of words, caller and address; never later than the child.
    With --cut a file of orders is enough: those that quote an earlier order (after “工单内容”) are cut where the quotation
    begins; every second child says the parent's number.
    """
    from qushu.insight.evaluation.links import Columns, cut_pairs, figures, read_calls, read_pairs
    from qushu.kernel.errors import Refused

    if (pairs is None) == (not cut):
        raise click.UsageError("Give either --pairs FILE or --cut.")
    try:
        calls = read_calls(cases, Columns(**names))  # type: ignore[arg-type]
        calls, known = (calls, read_pairs(pairs)) if pairs else cut_pairs(calls)
        found = figures(calls, known)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    parts = {
        f"{whose}{name}": one.get(key, one)
        for whose, one in (("", found), ("reference, ", found["reference"]))
        for name, key in (("all", ""), ("with number", "with_number"), ("without", "without_number"))
    }
    answer(
        as_json,
        found,
        [
            f"{name}: first {one['first']}, in first 3 {one['in_first_3']}, of {one['pairs']}"
            for name, one in parts.items()
        ],
    )


@evaluate_group.command("duplicates")
@click.option("--cases", type=existing_file, required=True, help="Reports (CSV, XLSX, JSON, also .gz).")
@click.option("--pairs", type=existing_file, required=True, help="Judged duplicates: columns of --child and --parent.")
@click.option("--id", "number", default="case_enquiry_id", show_default=True, metavar="COL", help="Number.")
@click.option("--time", default="open_dt", show_default=True, metavar="COL", help="When it came in (ISO).")
@click.option("--type", default="type", show_default=True, metavar="COL", help="What kind of report it is.")
@click.option("--latitude", default="latitude", show_default=True, metavar="COL", help="Degrees.")
@click.option("--longitude", default="longitude", show_default=True, metavar="COL", help="Degrees.")
@click.option("--child", default="dup_id", show_default=True, metavar="COL", help="Number of the duplicate.")
@click.option("--parent", default="orig_id", show_default=True, metavar="COL", help="Number of the original.")
@json_option
def duplicates(cases: Path, pairs: Path, child: str, parent: str, as_json: bool, **names: str) -> None:
    """Reports of one thing by time, type and place alone, cross-validated by weeks, counted in two ways.

    ``all_pairs``: every near pair that nobody judged a duplicate counts as wrong. ``asked``: each judged duplicate alone
    is asked for its original.
    """
    from qushu.insight.evaluation.duplicates import Columns, figures, read_reports
    from qushu.insight.evaluation.links import read_pairs
    from qushu.kernel.errors import Refused

    try:
        places, reports = read_reports(cases, Columns(**names))
        found = figures(places, reports, read_pairs(pairs, child, parent))
    except Refused as error:
        raise click.ClickException(str(error)) from error
    answer(as_json, found, [f"{name}: {value}" for name, value in found.items()])


def _evaluate(
    dispatch: bool, train: Path, test: Path, text: str, label: str, time: str | None, seed: int, as_json: bool
) -> None:
    from qushu.insight.evaluation.labelled_rows import read_labelled
    from qushu.insight.evaluation.understanding import evaluate
    from qushu.insight.understanding.learning import Plan
    from qushu.kernel.errors import Refused
    from qushu.kernel.progress import shown_progress

    plan = Plan(seed=seed)
    try:
        learned, asked = read_labelled(train, text, label, time), read_labelled(test, text, label)
        if len(learned.texts) > plan.most_rows:
            note(f"{len(learned.texts):,} rows to learn from: {plan.most_rows:,} of them are used.")
        with shown_progress("steps of learning") as progress:
            found = evaluate(learned, asked, dispatch, plan, progress).as_json(dispatch)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    answer(as_json, found, _table(found))


def _table(found: dict[str, Any]) -> list[str]:
    """Our figures beside the reference's, then what else is known."""
    reference = found["reference"]
    lines = [f"{'':18}{'ours':>10}{'reference':>12}"]
    lines += [f"{name:18}{_shown(found[name]):>10}{_shown(value):>12}" for name, value in reference.items()]
    rest = {name: value for name, value in found.items() if name not in reference and name != "reference"}
    return [*lines, "", *(f"{name}: {_shown(value)}" for name, value in rest.items())]


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, list):
        return "、".join(value) or "none"
    return "none" if value is None else f"{value}"


for evaluation in evaluations_of_warnings:
    evaluate_group.add_command(evaluation)

lake_group.add_command(measure_lake)  # it asks the questions of cross-cuts, which the lake doesn't know
commands: list[click.Command] = [evaluate_group, insight_group, matters_group, search_group, warnings_group]
