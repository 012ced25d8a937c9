"""How a model is learned: once without the newest rows, to know how far it can be trusted; then from all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qushu.kernel.errors import Refused

from .confidence import Trial, sharpness
from .holding_out import held_out
from .linear import Linear, learn_linear
from .model import Model, joined_scores, part_scores
from .neighbours import Neighbours
from .network import Ints, Network, Progress, Recipe, learn_network
from .terms import Rows, TermSpace, plain


@dataclass(frozen=True)
class Plan:
    """What is learned: so many networks by a recipe, from at most so many rows (the newest, or a draw)."""

    networks: int = 2
    recipe: Recipe = Recipe()
    most_rows: int = 150_000
    seed: int = 1


@dataclass(frozen=True)
class _Lesson:
    """Texts made plain, their labels as numbers."""

    texts: list[str]
    numbers: Ints
    labels: tuple[str, ...]


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    when: Sequence[str] | None = None,
    refs: Sequence[str] | None = None,
    plan: Plan | None = None,
    progress: Progress | None = None,
) -> Model:
    """Learn a model from texts and their labels.

    ``when``: moments that sort (ISO); ``refs``: numbers by which people find a case again (default: its place). The
    same rows, plan and seed give the same model. Of more rows than ``plan.most_rows`` the newest are learned from
    (without moments: evenly spread ones). Raises Refused when there are not two labels to tell apart.
    """
    plan = plan or Plan()
    if len(set(labels)) < 2:
        raise Refused("可供学习的标签不足两种，无法训练；请检查标签列是否选对。")
    chosen = _most_telling(len(texts), when, plan.most_rows)
    kept_refs = tuple(refs[at] if refs else str(at) for at in chosen)
    kept_when = [when[at] for at in chosen] if when else None
    lesson = _lesson([texts[at] for at in chosen], [labels[at] for at in chosen])
    learn, aside = held_out(lesson.texts, kept_when, plan.seed)
    steps = _Steps(progress, 2 * plan.networks)
    trial, factor = _tried(lesson, learn, aside, plan, steps)
    terms = TermSpace.learn(lesson.texts)
    rows = terms.rows(lesson.texts)
    networks, linear = _parts(terms, rows, lesson.numbers, len(lesson.labels), plan, steps)
    near = Neighbours(rows, lesson.numbers)
    return Model(lesson.labels, terms, networks, linear, factor, near, kept_refs, trial)


def _lesson(texts: Sequence[str], labels: Sequence[str]) -> _Lesson:
    names, numbers = np.unique(np.array(labels, dtype=object), return_inverse=True)
    return _Lesson([plain(text) for text in texts], numbers, tuple(names))


def _most_telling(count: int, when: Sequence[str] | None, most: int) -> Sequence[int]:
    if count <= most:
        return range(count)
    if when is None:
        return [int(at) for at in np.linspace(0, count - 1, most)]
    return sorted(sorted(range(count), key=lambda at: when[at])[-most:])


def _tried(lesson: _Lesson, learn: Ints, aside: Ints, plan: Plan, steps: "_Steps") -> tuple[Trial, float]:
    """What a model of the rows to learn from answers for the others, and the sharpness that makes it honest."""
    if not len(learn) or not len(aside):
        return Trial(np.zeros(0), np.zeros(0, bool)), 1.0
    terms = TermSpace.learn([lesson.texts[at] for at in learn])
    rows = terms.rows([lesson.texts[at] for at in learn])
    networks, linear = _parts(terms, rows, lesson.numbers[learn], len(lesson.labels), plan, steps)
    said = part_scores(networks, linear, terms.rows([lesson.texts[at] for at in aside]))
    known = np.where(np.isin(lesson.numbers[aside], lesson.numbers[learn]), lesson.numbers[aside], -1)
    factor = sharpness(joined_scores(said, 1.0), known)
    scores = joined_scores(said, factor)
    sure = np.exp(scores.max(axis=1).astype(np.float64))
    return Trial(sure, scores.argmax(axis=1) == lesson.numbers[aside]), factor


def _parts(
    terms: TermSpace, rows: Rows, numbers: Ints, classes: int, plan: Plan, steps: "_Steps"
) -> tuple[tuple[Network, ...], Linear]:
    networks = tuple(
        learn_network(rows, numbers, classes, plan.recipe, plan.seed + at, steps.next()) for at in range(plan.networks)
    )
    characters = rows[:, : len(terms.characters.names)]
    return networks, learn_linear(characters, numbers, classes, plan.seed)


@dataclass
class _Steps:
    """One progress for several networks: thousandths of the whole."""

    tell: Progress | None
    networks: int
    begun: int = 0

    def next(self) -> Callable[[int, int], None]:
        """The progress of the next network."""
        first = self.begun
        self.begun += 1

        def say(done: int, total: int) -> None:
            if self.tell:
                self.tell((1000 * first + 1000 * done // total) // self.networks, 1000)

        return say
