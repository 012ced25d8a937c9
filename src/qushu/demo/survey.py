"""Looks at the district in the database and puts it into a `World` for the generator."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from qushu.cases.models import Category, ClockRule, LadderStep, Reason
from qushu.cases.seed import rows_of
from qushu.hotline.models import CatalogueEntry, UrgentWord
from qushu.kernel.models import CalendarDay
from qushu.people.models import Account, Role, Unit
from qushu.places.models import Area

from . import invent
from .world import Ground, Leaf, Rule, Staff, Street, World


def survey() -> World:
    """The world as the seeds left it; raises LookupError when streets, units or categories are missing."""
    streets = list(Area.objects.filter(level="street").order_by("code"))
    offices = dict(Unit.objects.filter(kind="street", active=True).values_list("area_id", "id"))
    if not streets or not offices:
        raise LookupError("The district has no streets or street offices yet; seed them first.")
    centres = {row["code"]: row for row in rows_of("qushu.demo", "streets.csv")}
    return World(
        prefix=settings.QUSHU_NUMBER_PREFIX,
        streets=tuple(
            Street(area.pk, area.name, offices[area.pk], tuple(centres[area.code]["roads"].split())) for area in streets
        ),
        communities=tuple(
            invent.community(area.pk, area.code, area.name, number, _centre(centres[street.code]))
            for number, street in enumerate(streets)
            for area in Area.objects.filter(parent=street, level="community").order_by("code")
        ),
        leaves=tuple(leaves(rows_of("qushu.demo", "matters.csv"), _categories(), _catalogue())),
        units=dict(Unit.objects.values_list("code", "id")),
        unit_names=dict(Unit.objects.values_list("id", "name")),
        handlers=_of_units(Role.unit),
        leaders=_of_units(Role.unit_leader),
        agents=_of_centre(Role.agent),
        dispatchers=_of_centre(Role.dispatcher),
        supervisors=_of_centre(Role.supervisor),
        callers_back=_of_centre(Role.follow_up),
        rules=_rules(),
        reasons=_reasons(),
        marking=tuple(UrgentWord.objects.filter(active=True).order_by("id").values_list("word", "mark")),
        ladder=tuple(
            LadderStep.objects.filter(active=True, clock="resolve").values_list(
                "order", "percent", "overdue_amount", "action"
            )
        ),
        days=dict(CalendarDay.objects.values_list("day", "is_working")),
    )


def leaves(
    rows: Iterable[Mapping[str, str]],
    categories: Mapping[str, int],
    catalogue: Mapping[str, tuple[int | None, tuple[int, ...]]],
) -> Iterable[Leaf]:
    """The leaves as data/matters.csv tells them; `catalogue` maps a code to lead unit and assisting units."""
    for row in rows:
        lead, assisting = catalogue[row["category"]]
        yield Leaf(
            id=categories[row["category"]],
            code=row["category"],
            name=row["name"],
            weight=float(row["weight"]),
            kind=row["kind"],
            urgency=row["urgency"],
            place=row["place"],
            shops=tuple(row["shop"].split()),
            season=row["season"],
            phrases=tuple(row["phrases"].split(";")),
            lead_unit=lead,
            assisting=assisting,
        )


def _centre(row: Mapping[str, str]) -> tuple[float, float]:
    return float(row["lon"]), float(row["lat"])


def _categories() -> dict[str, int]:
    return dict(Category.objects.filter(level=3).values_list("code", "id"))


def _catalogue() -> dict[str, tuple[int | None, tuple[int, ...]]]:
    entries = CatalogueEntry.objects.select_related("category").prefetch_related("assisting")
    return {
        entry.category.code: (
            None if entry.to_street_office else entry.lead_unit_id,
            tuple(sorted(unit.pk for unit in entry.assisting.all())),
        )
        for entry in entries.filter(area=None)
    }


def _of_centre(role: str) -> tuple[Staff, ...]:
    rows = Account.objects.filter(grants__role=role).distinct().order_by("id").values_list("id", "name")
    return tuple(Staff(*row) for row in rows)


def _of_units(role: str) -> dict[int, Staff]:
    rows = Account.objects.filter(grants__role=role).order_by("-id").values_list("grants__unit_id", "id", "name")
    return {unit: Staff(ident, name) for unit, ident, name in rows if unit}


def _rules() -> dict[tuple[str, str, str], Rule]:
    found: dict[tuple[str, str, str], Rule] = {}
    for rule in ClockRule.objects.filter(category=None, channel=None).order_by("priority", "id"):
        kept = Rule(rule.pk, rule.amount, rule.measure)
        found.setdefault((rule.clock, rule.urgency, rule.kind), kept)
    return found


def _reasons() -> dict[str, tuple[Ground, ...]]:
    by_move: dict[str, list[Ground]] = {}
    for reason in Reason.objects.filter(active=True):
        by_move.setdefault(reason.move, []).append(
            Ground(reason.pk, reason.code, reason.name, reason.basis, reason.way)
        )
    return {move: tuple(grounds) for move, grounds in by_move.items()}
