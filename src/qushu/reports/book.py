"""The book of a report: every number is asked here, of the columnar copy, and kept with its question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from qushu.insight.overview.cutting import Group, Question, answer, figures, read_question, together
from qushu.insight.overview.definitions import DIMENSIONS, MEASURES
from qushu.insight.overview.naming import namer
from qushu.insight.overview.periods import Span
from qushu.insight.overview.sheet import filters_in_words
from qushu.people.access import Scope

from .facts import OPERATIONS, WORDS, Fact, plain, worked_out

ALL = Scope(everything=True)
Filters = tuple[tuple[str, str], ...]


class Book:
    """Facts by their keys, in the order in which they were asked; the same question is asked once."""

    def __init__(self, filters: Filters, now: datetime) -> None:
        self.filters = filters
        self.now = now
        self.facts: dict[str, Fact] = {}
        self._asked: dict[str, Fact] = {}

    def asked(self, measure: str, span: Span, *filters: tuple[str, str]) -> Fact:
        """A measure of a span, narrowed by more filters."""
        question = self.question(measure, span, *filters)
        if known := self._asked.get(question.query()):
            return known
        return self.keep(question, answer(question, ALL, self.now).total)

    def several(self, measures: Sequence[str], span: Span, *filters: tuple[str, str]) -> list[Fact]:
        """Measures of one span, which must add up, in one query."""
        asked = [MEASURES[code] for code in measures]
        (groups,) = figures(asked, [span], (*self.filters, *filters), ALL, self.now)
        return [
            self.keep(self.question(code, span, *filters), group) for code, group in zip(measures, groups, strict=True)
        ]

    def cut(self, measure: str, span: Span, dimension: str, *filters: tuple[str, str]) -> "Cut":
        """A measure by a dimension, the largest first (or in its own order)."""
        question = replace(self.question(measure, span, *filters), by=(DIMENSIONS[dimension],))
        groups = {group.keys[0]: group for group in answer(question, ALL, self.now).groups}
        return Cut(self, question, groups)

    def made(self, operation: str, *facts: Fact | int) -> Fact:
        """A figure worked out from others (or from a number of days)."""
        formula = (operation, *(one.key if isinstance(one, Fact) else str(one) for one in facts))
        known = self._asked.get(" ".join(formula))
        if known:
            return known
        first = next(one for one in facts if isinstance(one, Fact))
        value = worked_out(formula, {key: fact.value for key, fact in self.facts.items()})
        unit = OPERATIONS[operation][0] or first.unit
        return self._put(" ".join(formula), f"{first.name} {WORDS[operation]}", value, unit, "", formula)

    def question(self, measure: str, span: Span, *filters: tuple[str, str]) -> Question:
        """The question as the cross-cuts ask it, within the scope of the report."""
        return Question(MEASURES[measure], *span, (), (*self.filters, *filters))

    def keep(self, question: Question, group: Group) -> Fact:
        """The figure of a question that was answered by this group."""
        if known := self._asked.get(question.query()):
            return known
        where = "、".join(plain(words) for words in filters_in_words(question))
        name = f"{question.measure.name} {question.first} 至 {question.last}{' ' if where else ''}{where}"
        query = question.query()
        return self._put(query, name, group.number, question.measure.unit, query, ())

    def _put(self, known_as: str, name: str, value: Any, unit: str, query: str, formula: tuple[str, ...]) -> Fact:
        fact = Fact(f"f{len(self.facts) + 1}", name[:200], value, unit, query, formula)
        self.facts[fact.key] = self._asked[known_as] = fact
        return fact


@dataclass(frozen=True)
class Cut:
    """The groups of a question; one becomes a figure of the report when it is used."""

    book: Book
    question: Question
    groups: Mapping[Any, Group]

    @property
    def keys(self) -> list[Any]:
        """The values that are filled in, the largest first (or in their own order)."""
        return [key for key in self.groups if key is not None]

    @property
    def wholes(self) -> dict[Any, int]:
        return {key: group.whole for key, group in self.groups.items()}

    @property
    def parts(self) -> dict[Any, int]:
        return {key: group.part for key, group in self.groups.items()}

    def fact(self, key: Any) -> Fact:
        """The figure of a value; 0, or nothing for a rate, when no row has it."""
        group = self.groups.get(key) or together(self.question.measure, [])
        return self.book.keep(replace(self.question.at((key,)), by=()), group)


def scope_filters(scope: str) -> Filters:
    """The filters of a scope as an address holds it; what isn't a filter of cross-cuts is left out."""
    params = QueryDict(scope)
    day = datetime.min.date()
    return read_question(params, params.getlist, day, day).filters


def scope_text(filters: Filters) -> str:
    """The filters in one order, so that the same scope is the same text."""
    return urlencode(filters)


def counted_name(dimension: str, value: Any) -> str:
    """A name as it stands before its count: in quotes when it ends in a digit (“12319”459件)."""
    name = name_of(dimension, value)
    return f"“{name}”" if name[-1:].isdigit() else name


def name_of(dimension: str, value: Any) -> str:
    """What a value of a dimension is called in a text."""
    return plain(namer(dimension)(value))
