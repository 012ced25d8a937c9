"""Last year's bindings for this year's targets: a target with the same name takes up what measured it before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from ..models import Binding, BudgetDocument, Target
from .expected import EXPECTED
from .offered import measure_of, named
from .rules import convert


@dataclass(frozen=True)
class Carried:
    """A target without a binding, the one that it takes up, and the indicator that spoke for that."""

    target: Target
    former: Target
    measure: str

    @property
    def words(self) -> str:
        """The indicator's name."""
        return named(self.measure)

    @property
    def changed(self) -> bool:
        """Whether something else is promised now."""
        return self.target.promised != self.former.promised


def carried_over(document: BudgetDocument) -> list[Carried]:
    """What the newest earlier budget of the department was measured by, for targets of this one that nothing is asked for."""
    earlier = BudgetDocument.objects.filter(department=document.department, year__lt=document.year)
    before = earlier.defer("text").order_by("-year", "-id").first()
    if before is None:
        return []
    known: dict[tuple[str, str, str], tuple[Target, str]] = {}
    bound = Binding.objects.filter(target__document=before, approved=True).select_related("target__project")
    for binding in bound.order_by("-target__place"):
        known |= dict.fromkeys(_keys(binding.target), (binding.target, binding.measure))
    asked = Binding.objects.filter(Q(approved=True) | Q(approved__isnull=True), target__document=document)
    free = Target.objects.filter(document=document, number__isnull=False).exclude(pk__in=asked.values("target_id"))
    return list(_found(free.select_related("project").order_by("place"), known))


def _keys(target: Target) -> Iterator[tuple[str, str, str]]:
    """By what a target is known again, in the next year too: its name in the project of this code, or of this name."""
    project = target.project
    for owner in {project.code, project.name} if project else {""}:
        yield owner, target.scope, target.name


def _found(targets: Iterable[Target], known: dict[tuple[str, str, str], tuple[Target, str]]) -> Iterator[Carried]:
    for target in targets:
        former, measure = next((known[key] for key in _keys(target) if key in known), (None, ""))
        speaks = measure_of(measure) or EXPECTED.get(measure)
        if former and speaks and convert(Decimal(1), speaks.unit, target.unit) is not None:
            yield Carried(target, former, measure)
