"""Learning anew from what people decided, beside the model in service, which gives way only to a better one.

What is compared: a twin of the new model, learned from cases before the newest four weeks, and the twin that was kept
of the model in service, learned in the same way when it was its turn. Neither has seen the four weeks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.hotline.suggestions import Matter, WordCounts
from qushu.kernel.errors import Refused

from .files import read_model
from .keeping import BadModelFile
from .learning import Plan, learn_from, tried_on
from .lessons import Lesson, learned_until, read_lessons
from .model import Model
from .models import ModelVersion
from .network import Recipe

YEAR: Final = timedelta(days=365)
ASIDE: Final = timedelta(weeks=4)
MOST_CASES: Final = 60_000
MOST_ASKED: Final = 3_000
FEWEST_LEARNED: Final = 300
FEWEST_ASKED: Final = 50
WANTED: Final = (0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
PLAIN: Final = "words-1"
PLAN: Final = Plan(networks=1, recipe=Recipe(hidden=64), most_terms=50_000, most_neighbours=20_000)
_AT_ONCE: Final = 200


@dataclass(frozen=True)
class Score:
    """Shares of right first answers and of right ones among the first three, and who answered."""

    by: str
    top1: float
    top3: float

    @property
    def worth(self) -> tuple[float, float]:
        """What is compared: first answers, then the first three."""
        return self.top1, self.top3


@dataclass(frozen=True)
class Trained:
    """What came of learning: the twin, the model of all cases (None: it was not better), figures of both sides."""

    what: str
    twin: Model
    whole: Model | None
    lessons: Sequence[Lesson]
    asked: Sequence[Lesson]
    tested_from: datetime
    mine: Score
    former: Score
    promises: list[list[float]]

    @property
    def reason(self) -> str:
        """What was decided, and why, in a sentence."""
        other = "简单方法" if self.former.by == PLAIN else f"在用的 {self.former.by}"
        found = f"最近四周 {len(self.asked)} 件，首位准确率 {self.mine.top1:.1%}，{other} {self.former.top1:.1%}"
        three = f"前三 {self.mine.top3:.1%} 对 {self.former.top3:.1%}"
        return f"{found}；{three}。" + ("更准，已启用。" if self.whole else "没有更准，不替换。")


def learn_anew(what: str, now: datetime, plan: Plan = PLAN, tell: Callable[[str], None] = lambda _: None) -> Trained:
    """Learn from the last twelve months that have cases and compare. At most the newest MOST_CASES are used, which bounds memory.

    Writes nothing. Raises Refused when there are too few cases, or fewer than two labels.
    """
    until = learned_until(now)
    lessons = read_lessons(what, until - YEAR, until, MOST_CASES)
    border = until - ASIDE
    before = [one for one in lessons if one.accepted_at < border]
    asked = _spread([one for one in lessons if one.accepted_at >= border], MOST_ASKED)
    if len(before) < FEWEST_LEARNED or len(asked) < FEWEST_ASKED:
        raise Refused(
            f"四周前已有单位承办的件 {len(before)} 件（至少 {FEWEST_LEARNED}），最近四周 {len(asked)} 件"
            f"（至少 {FEWEST_ASKED}）：还不够学习，没有训练。"
        )
    tell(f"{len(lessons):,} cases, {len(asked):,} of the newest four weeks kept aside")
    twin = tried_on(_learned(before, plan), [one.text for one in asked], [one.label for one in asked])
    mine, former = _score("", twin, asked), _former(what, asked)
    better = mine.worth > former.worth
    tell(f"top-1 {mine.top1:.4f}, {former.by} {former.top1:.4f}")
    whole = replace(_learned(lessons, plan), sharpness=twin.sharpness, trial=twin.trial) if better else None
    return Trained(what, twin, whole, lessons, asked, border, mine, former, _promises(twin))


def _learned(lessons: Sequence[Lesson], plan: Plan) -> Model:
    return learn_from(
        [one.text for one in lessons], [one.label for one in lessons], [one.number for one in lessons], plan
    )


def _spread(lessons: Sequence[Lesson], most: int) -> Sequence[Lesson]:
    if len(lessons) <= most:
        return lessons
    return [lessons[int(at)] for at in np.linspace(0, len(lessons) - 1, most)]


def _promises(model: Model) -> list[list[float]]:
    found = [(wanted, model.promise(wanted)) for wanted in WANTED]
    return [[wanted, round(one.confidence, 4), round(one.share, 4), round(one.accuracy, 4)] for wanted, one in found]


def _score(name: str, model: Model, asked: Sequence[Lesson]) -> Score:
    chances = model.chances([one.text for one in asked])
    first = np.argsort(-chances, axis=1, kind="stable")[:, :3]
    return _share(name, [[model.labels[at] for at in row] for row in first], asked)


def _share(name: str, answers: Sequence[Sequence[str]], asked: Sequence[Lesson]) -> Score:
    pairs = list(zip(answers, asked, strict=True))
    first = sum(given[:1] == [one.label] for given, one in pairs)
    among = sum(one.label in given[:3] for given, one in pairs)
    return Score(name, first / len(asked), among / len(asked))


def _former(what: str, asked: Sequence[Lesson]) -> Score:
    """How the model in service does on these cases; without one, or without its twin, how the plain method does."""
    version = ModelVersion.objects.filter(what=what, state=ModelVersion.State.in_service).first()
    if version is not None:
        try:
            return _score(version.name, read_model(version.name, version.trial_digest, trial=True), asked)
        except BadModelFile:
            pass  # a lost twin must not keep learning from going on; the plain method is the measure then
    return _share(PLAIN, _plainly(what, asked), asked)


def _plainly(what: str, asked: Sequence[Lesson]) -> list[list[str]]:
    plain = WordCounts()
    if what == ModelVersion.What.category:
        return [[str(found.category_id) for found in plain.categories(one.said)] for one in asked]
    answers = []
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        day = timezone.localdate(some[-1].accepted_at, SHANGHAI)
        matters = [Matter(one.said, one.category_id, one.area_id) for one in some]
        answers += [[str(found.unit_id) for found in row] for row in plain.units_for(matters, day)]
    return answers
