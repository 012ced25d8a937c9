"""Whether two reports are of one thing, by time, type and place alone: pairs near enough, and what is known of a pair.

Blocking: no pair beyond WINDOW days and REACH metres is ever looked at (of another type: within the smaller ones), so
work grows with the reports in a neighbourhood and not with the square of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

REACH: Final = 200.0
WINDOW: Final = 30.0
REACH_OTHER_TYPE: Final = 50.0
WINDOW_OTHER_TYPE: Final = 1.0
_METRES_PER_DEGREE: Final = 111_320.0

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]


@dataclass(frozen=True)
class Reports:
    """Reports by number of their row: days since any moment, metres east and north, type. NaN: the place isn't known."""

    days: Floats
    east: Floats
    north: Floats
    types: tuple[str, ...]


def metres(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """East and north in metres, flat: right within a city."""
    middle = np.nanmean(latitude) if np.isfinite(latitude).any() else 0.0
    return longitude * _METRES_PER_DEGREE * np.cos(np.radians(middle)), latitude * _METRES_PER_DEGREE


def near_pairs(reports: Reports) -> Pairs:
    """Pairs (later, earlier) that could be one thing: n × 2, by the box of time and place, then by type."""
    placed = np.flatnonzero(np.isfinite(reports.east) & np.isfinite(reports.north))
    if len(placed) < 2:
        return np.empty((0, 2), np.int64)
    points = np.column_stack((reports.east / REACH, reports.north / REACH, reports.days / WINDOW))[placed]
    found = placed[cKDTree(points).query_pairs(1.0, p=np.inf, output_type="ndarray")]
    later = np.where(reports.days[found[:, 0]] >= reports.days[found[:, 1]], found[:, 0], found[:, 1])
    pairs = np.column_stack((later, found.sum(axis=1) - later)).astype(np.int64)
    apart, away = _apart(reports, pairs)
    kept = _same_type(reports, pairs) | ((apart <= WINDOW_OTHER_TYPE) & (away <= REACH_OTHER_TYPE))
    pairs = pairs[kept & (away <= REACH)]
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def facts_of(reports: Reports, pairs: Pairs) -> Floats:
    """What a model reads of each pair: time and metres between them (log), same type and spot, how busy the spot is.

    Of the first of the pair too: whether it is the later one, how many candidates it has, and which of them is nearest
    in time and in place.
    """
    apart, away = _apart(reports, pairs)
    spots = np.column_stack((np.round(reports.east), np.round(reports.north)))
    _, spot, often = np.unique(np.nan_to_num(spots), axis=0, return_inverse=True, return_counts=True)
    spot = spot.ravel()
    candidates = np.bincount(pairs[:, 0], minlength=len(reports.days))
    chosen = np.bincount(pairs[:, 1], minlength=len(reports.days))
    return np.column_stack(
        (
            np.log(apart + 1e-4),
            np.log(away + 1),
            reports.days[pairs[:, 0]] >= reports.days[pairs[:, 1]],
            _same_type(reports, pairs),
            spot[pairs[:, 0]] == spot[pairs[:, 1]],
            np.log(often[spot[pairs[:, 0]]]),
            np.log(candidates[pairs[:, 0]]),
            np.log(chosen[pairs[:, 1]]),
            _place_among(pairs[:, 0], apart),
            _place_among(pairs[:, 0], away),
            _place_among(pairs[:, 1], apart),
        )
    ).astype(np.float64)


def nearness(reports: Reports, pairs: Pairs) -> Floats:
    """The plain rule: the nearer the likelier (metres, negative); pairs of two types come last (−∞)."""
    return np.where(_same_type(reports, pairs), -_apart(reports, pairs)[1], -np.inf)


def type_shares(types: Sequence[str], pairs: Pairs, same: NDArray[np.bool_]) -> dict[tuple[str, str], float]:
    """How often pairs of these two types are one thing, drawn towards the share of all where there are few pairs."""
    whole, weight = float(same.mean()) if len(same) else 0.0, 20.0
    seen: dict[tuple[str, str], list[float]] = {}
    for (later, earlier), one in zip(pairs.tolist(), same.tolist(), strict=True):
        count = seen.setdefault((types[later], types[earlier]), [0.0, 0.0])
        count[0] += one
        count[1] += 1
    return {key: (hits + weight * whole) / (count + weight) for key, (hits, count) in seen.items()}


def _apart(reports: Reports, pairs: Pairs) -> tuple[Floats, Floats]:
    """Days and metres between the two of each pair."""
    one, other = pairs[:, 0], pairs[:, 1]
    away = np.hypot(reports.east[one] - reports.east[other], reports.north[one] - reports.north[other])
    return np.abs(reports.days[one] - reports.days[other]), away


def _same_type(reports: Reports, pairs: Pairs) -> NDArray[np.bool_]:
    code = np.unique(np.array(reports.types), return_inverse=True)[1]
    same: NDArray[np.bool_] = code[pairs[:, 0]] == code[pairs[:, 1]]
    return same


def _place_among(group: Pairs, value: Floats) -> Floats:
    """Each pair's place (from 0) by value among those of its group."""
    order = np.lexsort((value, group))
    sorted_group = group[order]
    first = np.concatenate(([True], sorted_group[1:] != sorted_group[:-1]))
    starts = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    place = np.empty(len(group))
    place[order] = np.arange(len(group)) - starts
    return place
