"""How well reports of one thing are found by time, type and place alone, against pairs that people judged.

Cross-validated by weeks: the pairs of a week are scored by a model that saw no report of that week.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qushu.insight.belonging.same_place import (
    Floats,
    Pairs,
    Reports,
    facts_of,
    metres,
    near_pairs,
    nearness,
    type_shares,
)
from qushu.kernel.tables import read_table

from .labelled_rows import BadRows, check_columns, shown, sortable

FOLDS: Final = 5
WANTED: Final = 0.8


@dataclass(frozen=True)
class Columns:
    """The names of a table's columns."""

    number: str
    time: str
    type: str
    latitude: str
    longitude: str


def read_reports(path: Path, columns: Columns) -> tuple[dict[str, int], Reports]:
    """The row of each number, and the reports. Raises BadRows for a missing column or a moment that is none."""
    rows: list[tuple[str, float, str, float, float]] = []
    for _, row in read_table(path):
        check_columns(path, row, [*vars(columns).values()])
        moment = _moment(shown(row[columns.time]))
        place = _degrees(row[columns.latitude]), _degrees(row[columns.longitude])
        rows.append((shown(row[columns.number]), moment, shown(row[columns.type]), *place))
    if not rows:
        raise BadRows(f"{path.name} 中没有行。")
    numbers, days, types, latitude, longitude = zip(*rows, strict=True)
    east, north = metres(np.array(latitude), np.array(longitude))
    return {number: row for row, number in enumerate(numbers)}, Reports(np.array(days), east, north, types)


def figures(places: dict[str, int], reports: Reports, judged: list[tuple[str, str]]) -> dict[str, Any]:
    """Recall at precision 0.80 and precision at recall 0.80, counted in two ways.

    `all_pairs`: every near pair of the file that nobody judged a duplicate counts as wrong, though duplicates that
    aren't in the list are among them: the true precision is higher. `asked`: each judged duplicate alone is asked for
    its original; its likeliest near pair is right or wrong, and it is told from the others by what judged duplicates of
    other weeks were told by. Pairs with a report that isn't there or has no place count as not found. `reference`: the same
    two where the nearest report of the same type within the window is taken for the original. Raises BadRows without a
    judged pair in the file.
    """
    known = [(places[one], places[other]) for one, other in judged if one in places and other in places]
    pairs = near_pairs(reports)
    same = _same(pairs, known)
    if not same.any():
        raise BadRows("没有一对已知的重复件在时间和地点上相近，无法衡量。")
    scores = _cross_validated(reports, pairs, same)
    theirs = _seen_from([child for child, _ in known], pairs)
    chosen = _cross_validated(reports, theirs, _same(theirs, known))
    listed = {tuple(sorted(pair)) for pair in known}
    hits = np.array([tuple(sorted(pair)) in listed for pair in pairs.tolist()])
    right, best = _asked(theirs, chosen, known)
    right_nearest, nearest = _asked(theirs, nearness(reports, theirs), known)
    return {
        "pairs": len(judged),
        "pairs_in_cases": len(known),
        "near_pairs": len(pairs),
        "found_by_blocking": round(int(hits.sum()) / len(judged), 4),
        "all_pairs": _at_wanted(scores, same, hits, len(judged)),
        "asked": _at_wanted(best, right, right, len(judged)),
        "reference": {
            "all_pairs": _at_wanted(nearness(reports, pairs), same, hits, len(judged)),
            "asked": _at_wanted(nearest, right_nearest, right_nearest, len(judged)),
        },
    }


def _cross_validated(reports: Reports, pairs: Pairs, same: NDArray[np.bool_]) -> Floats:
    """How likely each pair is one thing, by models of pairs that lie in other weeks with both their reports."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    facts = facts_of(reports, pairs)
    folds = (reports.days[pairs] // 7).astype(int) % FOLDS
    scores = np.zeros(len(pairs))
    for one in range(FOLDS):
        learn, answer = (folds != one).all(axis=1), folds[:, 0] == one
        if not answer.any() or not same[learn].any():
            continue
        shares = type_shares(reports.types, pairs[learn], same[learn])
        usual = float(same[learn].mean())
        share = [shares.get((reports.types[a], reports.types[b]), usual) for a, b in pairs.tolist()]
        whole = np.column_stack((facts, np.log(share)))
        model = HistGradientBoostingClassifier(
            max_iter=150, learning_rate=0.06, max_leaf_nodes=15, l2_regularization=1.0, random_state=0
        )
        scores[answer] = model.fit(whole[learn], same[learn]).predict_proba(whole[answer])[:, 1]
    return scores


def _same(pairs: Pairs, known: list[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which pairs are one thing: judged so, or both judged to be one thing with a third."""
    into: dict[int, int] = {}

    def root(one: int) -> int:
        while into.get(one, one) != one:
            one = into[one]
        return one

    for one, other in known:
        into.setdefault(one, one)
        into.setdefault(other, other)
        into[root(one)] = root(other)
    return np.array([a in into and b in into and root(a) == root(b) for a, b in pairs.tolist()], dtype=bool)


def _seen_from(children: list[int], pairs: Pairs) -> Pairs:
    """The near pairs of these reports, each report first in its own: a pair of two of them comes both ways."""
    return np.concatenate((pairs[np.isin(pairs[:, 0], children)], pairs[np.isin(pairs[:, 1], children)][:, ::-1]))


def _asked(pairs: Pairs, scores: Floats, known: list[tuple[int, int]]) -> tuple[NDArray[np.bool_], Floats]:
    """Of each judged duplicate the likeliest near pair: whether it is one thing with it, and the score."""
    beside: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for (child, other), score in zip(pairs.tolist(), scores.tolist(), strict=True):
        beside[child].append((score, other))
    answers = [(max(beside[child]), child) for child, _ in known if beside[child]]
    found = np.array([(other, child) for (_, other), child in answers], dtype=np.int64).reshape(-1, 2)
    return _same(found, known), np.array([score for (score, _), _ in answers])


def _at_wanted(
    scores: Floats, right: NDArray[np.bool_], found: NDArray[np.bool_], wanted: int
) -> dict[str, float | None]:
    """The best recall where precision is WANTED or more, and the best precision where recall is, and the best F1."""
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    recall = np.cumsum(found[order]) / wanted
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    best = int(f1.argmax())
    return {
        "recall_at_precision_80": round(float(recall[precision >= WANTED].max(initial=0.0)), 4),
        "precision_at_recall_80": round(float(precision[recall >= WANTED].max()), 4) if recall[-1] >= WANTED else None,
        "best_f1": round(float(f1[best]), 4),
        "precision": round(float(precision[best]), 4),
        "recall": round(float(recall[best]), 4),
    }


def _moment(value: str) -> float:
    try:
        return datetime.fromisoformat(sortable(value)).timestamp() / 86_400
    except ValueError:
        raise BadRows(f"“{value[:40]}”不是日期时间，请用 2024-03-01 09:30:00 的写法。") from None


def _degrees(value: object) -> float:
    try:
        return float(shown(value))
    except ValueError:
        return float("nan")
