"""A small network over rows of terms: one hidden layer, softmax; learned with Adam that touches only the terms at hand.

Source: Kingma and Ba 2015 (Adam, in its lazy form for sparse rows), Srivastava et al. 2014 (dropout, of terms as well as
of hidden cells), Szegedy et al. 2016 (smoothed labels). Plain numpy: 12,000 texts take a minute on one core.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .terms import Floats, Rows

Ints = NDArray[np.intp]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Recipe:
    """How a network is learned. Rates are Adam's step sizes; shares are dropped at random while learning.

    All rows are gone through ``rounds`` times; so few rows that this makes fewer than ``steps`` batches, more often.
    """

    hidden: int = 128
    rounds: int = 8
    steps: int = 400
    batch: int = 128
    rate: float = 6e-3
    terms_dropped: float = 0.3
    cells_dropped: float = 0.5
    smoothing: float = 0.05

    def rounds_of(self, count: int) -> int:
        """How often so many rows are gone through."""
        return max(self.rounds, min(10 * self.rounds, round(self.steps * self.batch / count)))


@dataclass(frozen=True)
class Network:
    """Weights: terms × hidden, hidden, hidden × labels, labels."""

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    def scores(self, rows: Rows) -> Floats:
        """Rows × labels: logarithms of probabilities."""
        return log_softmax(self._hidden(rows) @ self.outer + self.outer_bias)

    def pull(self, row: Rows, label: int) -> Floats:
        """What each term of one row (in the order of ``row.indices``) adds to a label beyond the mean of all labels."""
        awake = self._hidden(row)[0] > 0
        direction = (self.outer[:, label] - self.outer.mean(axis=1)) * awake
        found: Floats = (self.inner[row.indices] @ direction) * row.data
        return found

    def _hidden(self, rows: Rows) -> Floats:
        found: Floats = np.maximum(rows @ self.inner + self.inner_bias, 0)
        return found


def log_softmax(scores: NDArray[Any]) -> NDArray[Any]:
    """Logarithms of the probabilities that scores stand for, row by row."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    found: NDArray[Any] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return found


def learn_network(
    rows: Rows, labels: Ints, classes: int, recipe: Recipe, seed: int, progress: Progress | None = None
) -> Network:
    """A network that tells ``labels`` (0 to ``classes`` − 1) from ``rows``; the same seed gives the same network."""
    rng = np.random.default_rng(seed)
    width, hidden = rows.shape[1], recipe.hidden
    network = Network(
        rng.standard_normal((width, hidden), dtype=np.float32) * np.float32(0.3 * (2 / hidden) ** 0.5),
        np.zeros(hidden, np.float32),
        rng.standard_normal((hidden, classes), dtype=np.float32) * np.float32(0.05),
        np.zeros(classes, np.float32),
    )
    learner = _Learner(network, recipe, rng)
    batches = recipe.rounds_of(len(labels)) * -(-len(labels) // recipe.batch)
    for done, chosen in enumerate(_batches(len(labels), recipe, rng), start=1):
        learner.learn(rows[chosen], labels[chosen], recipe.rate * max(0.05, 1 - done / batches))
        if progress:
            progress(done, batches)
    return network


def _batches(count: int, recipe: Recipe, rng: np.random.Generator) -> Iterator[Ints]:
    for _ in range(recipe.rounds_of(count)):
        order = rng.permutation(count)
        for start in range(0, count, recipe.batch):
            yield order[start : start + recipe.batch]


@dataclass
class _Learner:
    network: Network
    recipe: Recipe
    rng: np.random.Generator
    steps: int = 0
    _moments: list[tuple[Floats, Floats]] = field(default_factory=list)

    def __post_init__(self) -> None:
        net = self.network
        self._moments = [
            (np.zeros_like(one), np.zeros_like(one)) for one in (net.inner, net.inner_bias, net.outer, net.outer_bias)
        ]

    def learn(self, rows: Rows, labels: Ints, rate: float) -> None:
        """One step against the error of these rows."""
        self.steps += 1
        net, recipe = self.network, self.recipe
        rows, columns = self._thinned(rows)
        used = net.inner[columns]
        hidden = rows @ used + net.inner_bias
        kept = (hidden > 0) * (self.rng.random(hidden.shape, dtype=np.float32) > recipe.cells_dropped)
        kept = kept / np.float32(1 - recipe.cells_dropped)
        hidden = hidden * kept
        error = np.exp(log_softmax(hidden @ net.outer + net.outer_bias)) - self._wanted(labels)
        error /= np.float32(len(labels))
        back = (error @ net.outer.T) * kept
        self._step(2, net.outer, hidden.T @ error, rate)
        self._step(3, net.outer_bias, error.sum(axis=0), rate)
        self._step(1, net.inner_bias, back.sum(axis=0), rate)
        self._step_rows(columns, used, rows.T @ back, rate)

    def _thinned(self, rows: Rows) -> tuple[Rows, Ints]:
        """The rows with some terms dropped, over only those columns that are left, and these columns."""
        kept = self.rng.random(len(rows.data), dtype=np.float32) > self.recipe.terms_dropped
        thin = csr_matrix(
            (rows.data * kept / np.float32(1 - self.recipe.terms_dropped), rows.indices, rows.indptr), shape=rows.shape
        )
        thin.eliminate_zeros()
        columns, place = np.unique(thin.indices, return_inverse=True)
        return csr_matrix((thin.data, place, thin.indptr), shape=(rows.shape[0], len(columns))), columns

    def _wanted(self, labels: Ints) -> Floats:
        classes = len(self.network.outer_bias)
        wanted = np.full((len(labels), classes), self.recipe.smoothing / classes, np.float32)
        wanted[np.arange(len(labels)), labels] += 1 - self.recipe.smoothing
        return wanted

    def _step(self, which: int, weights: Floats, slope: Floats, rate: float) -> None:
        mean, square = self._moments[which]
        mean *= np.float32(0.9)
        mean += np.float32(0.1) * slope
        square *= np.float32(0.999)
        square += np.float32(0.001) * slope * slope
        weights -= self._change(mean, square, rate)

    def _step_rows(self, columns: Ints, used: Floats, slope: Floats, rate: float) -> None:
        """As ``_step`` for the weights of some terms; the others, and their moments, stay as they are."""
        means, squares = self._moments[0]
        mean = means[columns] * np.float32(0.9) + np.float32(0.1) * slope
        square = squares[columns] * np.float32(0.999) + np.float32(0.001) * slope * slope
        means[columns], squares[columns] = mean, square
        self.network.inner[columns] = used - self._change(mean, square, rate)

    def _change(self, mean: Floats, square: Floats, rate: float) -> Floats:
        sure_mean, sure_square = np.float32(1 - 0.9**self.steps), np.float32(1 - 0.999**self.steps)
        found: Floats = np.float32(rate) * (mean / sure_mean) / (np.sqrt(square / sure_square) + np.float32(1e-8))
        return found
