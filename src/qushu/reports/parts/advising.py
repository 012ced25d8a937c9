"""工作建议: the advice table, looked up by the signals that the other parts gave."""

from collections.abc import Iterator

from qushu.cases.models import Category

from ..content import Block, text
from ..models import Advice
from .desk import Desk, Heard

MOST = 6
ANYTHING = "{名称}"


def advice(desk: Desk) -> list[Block]:
    """What the table advises, each once, in its order."""
    above = {heard: _above(heard) for heard in desk.signals}
    said = dict.fromkeys(
        one.words.replace(ANYTHING, "、".join(names) or desk.where)
        for one in desk.advice
        if (names := list(_names(one, desk.signals, above))) or _fits_all(one, desk.signals)
    )
    return [text(words) for words in list(said)[:MOST]]


def _names(one: Advice, signals: list[Heard], above: dict[Heard, set[int]]) -> Iterator[str]:
    for heard in signals:
        if one.signal == heard.signal and (not one.dimension or one.dimension == heard.dimension):
            if one.category_id is not None and one.category_id not in above[heard]:
                continue
            if heard.name:
                yield heard.name


def _fits_all(one: Advice, signals: list[Heard]) -> bool:
    """Whether a signal without a name (overdue, matter) asks for it."""
    return one.category_id is None and any(heard.signal == one.signal and not heard.name for heard in signals)


def _above(heard: Heard) -> set[int]:
    """The category that a signal is about and those above it."""
    found: set[int] = set()
    if heard.dimension.startswith("category"):
        category = Category.objects.filter(pk=heard.value).select_related("parent__parent").first()
        while category:
            found.add(category.pk)
            category = category.parent
    return found
