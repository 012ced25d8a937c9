"""Units and categories by the learned models, in the hotline's own interface; by its plain method while there is none."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from qushu.cases.models import Category
from qushu.hotline.suggestions import (
    CategorySuggestion,
    Matter,
    Suggester,
    Suggestion,
    WordCounts,
    catalogued,
    telling_words,
)
from qushu.people.models import Unit

from .models import ModelVersion
from .serving import SHELF, Served

if TYPE_CHECKING:
    from .model import Answer

MOST: Final = 3
LEAST_SURE: Final = 0.02
_SHOWN_CASES: Final = 3


class Learned:
    """The learned method. What isn't learned yet, or says nothing, the plain method answers."""

    def __init__(self, plain: Suggester | None = None) -> None:
        self._plain: Suggester = plain or WordCounts()

    def units(self, text: str, category_id: int | None, area_id: int | None, on: date) -> list[Suggestion]:
        """Units for these words, the likeliest first."""
        return self.units_for([Matter(text, category_id, area_id)], on)[0]

    def units_for(self, matters: Sequence[Matter], on: date) -> list[list[Suggestion]]:
        """As `units` for each matter: six reads for all; a text that was asked before costs only these."""
        served = SHELF.served(ModelVersion.What.unit) if matters else None
        if served is None:
            return self._plain.units_for(matters, on)
        units = {str(pk): (name, duties) for pk, name, duties in _active_units()}
        listed = catalogued(matters, on)
        found = [_suggestions(served, units, matter, line) for matter, line in zip(matters, listed, strict=True)]
        unknown = [at for at, suggestions in enumerate(found) if not suggestions]
        for at, plainly in zip(unknown, self._plain.units_for([matters[at] for at in unknown], on), strict=True):
            found[at] = plainly
        return found

    def categories(self, text: str) -> list[CategorySuggestion]:
        """Leaf categories for these words, the likeliest first; one read."""
        return self.categories_for([text])[0]

    def categories_for(self, texts: Sequence[str]) -> list[list[CategorySuggestion]]:
        """As `categories` for each text; one read for all."""
        served = SHELF.served(ModelVersion.What.category) if texts else None
        if served is None:
            return self._plain.categories_for(texts)
        names = dict(Category.objects.filter(active=True).values_list("pk", "full_name"))
        return [_categories(served, text, names) if telling_words(text) else [] for text in texts]


def _active_units() -> list[tuple[int, str, str]]:
    return list(Unit.objects.filter(active=True).values_list("pk", "name", "duties"))


def _categories(served: Served, text: str, names: dict[int, str]) -> list[CategorySuggestion]:
    answers = [one for one in served.answers(text) if one.chance >= LEAST_SURE and int(one.label) in names]
    return [
        CategorySuggestion(int(one.label), names[int(one.label)], one.reason.sentence, round(one.chance, 2))
        for one in answers[:MOST]
    ]


def _suggestions(
    served: Served, units: dict[str, tuple[str, str]], matter: Matter, listed: Suggestion | None
) -> list[Suggestion]:
    spoken = telling_words(matter.text)
    if not spoken and matter.category_id is None:
        return []
    answers = served.answers(served.names.put(matter.text, matter.category_id, matter.area_id))
    known = [one for one in answers if one.label in units and one.chance >= LEAST_SURE][:MOST]
    return [_suggestion(served.name, one, *units[one.label], spoken, listed) for one in known]


def _suggestion(
    model: str, one: "Answer", name: str, duties: str, spoken: Sequence[str], listed: Suggestion | None
) -> Suggestion:
    same = listed is not None and listed.unit_id == int(one.label)
    return Suggestion(
        int(one.label),
        name,
        _reason(one, duties, spoken, listed.reason if listed and same else ""),
        round(one.chance, 4),
        model,
        listed.assisting if listed and same else (),
        one.reason.cases[:_SHOWN_CASES],
    )


def _reason(one: "Answer", duties: str, spoken: Sequence[str], listed: str) -> str:
    """What the words say, what like cases got, what the unit's duties and the catalogue name."""
    shared = [word for word in spoken if len(word) > 1 and word in duties][:3]
    duty = f"职责提到“{'”“'.join(shared)}”" if shared else ""
    return "；".join(part for part in (one.reason.sentence, duty, listed) if part) or "按以往同类件的去向推断"
