"""How a model is learned: once without the newest rows, to know how far it can be trusted; then from all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from qushu.kernel.errors import Refused

from .confidence import Trial, sharpness
from .holding_out import held_out
from .linear import Linear, learn_linear
from .model import Model, joined_scores
from .naming import Naming, names_of
from .neighbours import Neighbours
from .network import Ints, Network, Progress, Recipe, learn_network
from .terms import Rows, TermSpace, plain


@dataclass(frozen=True)
class Plan:
    """What is learned: so many networks by a recipe, from at most so many rows (the newest, or a draw).

    ``most_terms`` of characters and of words (half as many of the opening); like cases are sought among the newest
    ``most_neighbours``.
    """

    networks: int = 2
    recipe: Recipe = Recipe()
    most_rows: int = 150_000
    most_terms: int = 100_000
    most_neighbours: int = 30_000
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
    """Learn a model from texts and their labels: first without a fifth of them, to know how far to trust it.

    ``when``: moments that sort (ISO); ``refs``: numbers by which people find a case again (default: its place). The
    same rows, plan and seed give the same model. Of more rows than ``plan.most_rows`` the newest are learned from
    (without moments: evenly spread ones). Raises Refused when there are not two labels to tell apart.
    """
    plan = plan or Plan()
    chosen = _most_telling(len(texts), when, plan.most_rows)
    texts, labels = [texts[at] for at in chosen], [labels[at] for at in chosen]
    refs = [refs[at] if refs else str(at) for at in chosen]
    learn, aside = held_out([plain(text) for text in texts], [when[at] for at in chosen] if when else None, plan.seed)
    steps = _Steps(progress, 2)
    known = {labels[at] for at in learn}
    if len(known) < 2 or not len(aside):
        return learn_from(texts, labels, refs, plan, steps.next())
    tried = learn_from([texts[at] for at in learn], [labels[at] for at in learn], None, plan, steps.next())
    tried = tried_on(tried, [texts[at] for at in aside], [labels[at] for at in aside])
    whole = learn_from(texts, labels, refs, plan, steps.next())
    return replace(whole, sharpness=tried.sharpness, trial=tried.trial)


def learn_from(
    texts: Sequence[str],
    labels: Sequence[str],
    refs: Sequence[str] | None,
    plan: Plan,
    progress: Progress | None = None,
    names: dict[str, str] | None = None,
) -> Model:
    """A model of all these rows, which come in the order of time; nothing is known yet of how far it can be trusted.

    ``names``: what a label is called, where it is only a number.

    Raises Refused when there are not two labels to tell apart.
    """
    if len(set(labels)) < 2:
        raise Refused("可供学习的标签不足两种，无法训练；请检查标签列是否选对。")
    with threadpool_limits(limits=1):  # many small products: more threads only wait for each other
        return _learned(_lesson(texts, labels), refs, plan, progress, names)


def _learned(
    lesson: _Lesson, refs: Sequence[str] | None, plan: Plan, progress: Progress | None, names: dict[str, str] | None
) -> Model:
    terms = TermSpace.learn(lesson.texts, plan.most_terms)
    rows = terms.rows(lesson.texts)
    networks, linear = _parts(terms, rows, lesson.numbers, len(lesson.labels), plan, _Steps(progress, plan.networks))
    first = max(0, len(lesson.texts) - plan.most_neighbours)
    near = Neighbours.among(terms.spoken(rows[first:]), lesson.numbers[first:])
    kept = tuple(refs[first:]) if refs else tuple(str(at) for at in range(first, len(lesson.texts)))
    naming = Naming(names_of(lesson.labels, names), terms.characters)
    untried = Trial(np.zeros(0), np.zeros(0, bool))
    return Model(lesson.labels, terms, networks, linear, naming, 1.0, near, kept, untried)


def tried_on(model: Model, texts: Sequence[str], labels: Sequence[str]) -> Model:
    """The model with what it answers for rows it never learned from, and the sharpness that makes it honest there."""
    said = model.part_scores(model.terms.rows([plain(text) for text in texts]))
    numbers = {name: at for at, name in enumerate(model.labels)}
    known = np.array([numbers.get(label, -1) for label in labels], dtype=np.intp)
    factor = sharpness(joined_scores(said, 1.0), known)
    scores = joined_scores(said, factor)
    sure = np.exp(scores.max(axis=1).astype(np.float64))
    return replace(model, sharpness=factor, trial=Trial(sure, scores.argmax(axis=1) == known))


def _lesson(texts: Sequence[str], labels: Sequence[str]) -> _Lesson:
    names, numbers = np.unique(np.array(labels, dtype=object), return_inverse=True)
    return _Lesson([plain(text) for text in texts], numbers, tuple(names))


def _most_telling(count: int, when: Sequence[str] | None, most: int) -> Sequence[int]:
    if count <= most:
        return range(count)
    if when is None:
        return [int(at) for at in np.linspace(0, count - 1, most)]
    return sorted(sorted(range(count), key=lambda at: when[at])[-most:])


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
