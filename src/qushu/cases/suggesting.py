"""Which unit and category are suggested for a case: asked here, answered by whatever room above offers a method.

Without one nothing is suggested. The page that dispatches shows the unit with its reason, and the history keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Case


@dataclass(frozen=True)
class UnitHint:
    """A unit, why, by which model, how sure (0 to 1), and which units would assist it."""

    unit_id: int
    name: str
    reason: str
    model: str
    score: float
    assisting_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class CategoryHint:
    """A category and why."""

    category_id: int
    name: str
    reason: str


UnitMethod = Callable[[Case, datetime], UnitHint | None]
CategoryMethod = Callable[[Case], CategoryHint | None]
_methods: dict[str, Callable[..., Any]] = {}


def offer_hints(units: UnitMethod, categories: CategoryMethod) -> None:
    """Answer `unit_hint` and `category_hint` with these from now on; rooms call this when Django starts."""
    _methods.update(unit=units, category=categories)


def unit_hint(case: Case, now: datetime) -> UnitHint | None:
    """The unit that is suggested first for this case; None when no room offers a method, or it has no idea."""
    return _methods["unit"](case, now) if _methods else None


def category_hint(case: Case) -> CategoryHint | None:
    """The category that is suggested first for this case; None when no room offers a method, or it has no idea."""
    return _methods["category"](case) if _methods else None
