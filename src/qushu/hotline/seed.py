"""What the hotline's desk starts with: urgent words, the dispatch catalogue, knowledge, duty, assessment schemes.

Seeding again adds what is missing and never changes a row that is there.
"""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from qushu.cases.models import Category
from qushu.cases.seed import rows_of
from qushu.people.models import Account, Role, Unit

from .knowledge.queries import search_words
from .models import (
    AssessmentRule,
    AssessmentScheme,
    AssessmentTier,
    CatalogueEntry,
    DutyShift,
    Knowledge,
    UrgentWord,
)

CATALOGUE_FROM = date(2020, 1, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def seed_hotline() -> int:
    """Everything of the desk that needs no account: how many rows were added."""
    return seed_urgent_words() + seed_catalogue() + seed_knowledge() + seed_schemes()


def seed_urgent_words() -> int:
    """Words that mark a case, with the emergency number to show (RULES §4)."""
    known = set(UrgentWord.objects.values_list("word", flat=True))
    new = [UrgentWord(**row) for row in rows_of("qushu.hotline", "urgent_words.csv") if row["word"] not in known]
    return len(UrgentWord.objects.bulk_create(new))


def seed_catalogue() -> int:
    """派单目录: a line for every leaf whose unit exists; leaves that already have one are left alone."""
    categories = dict(Category.objects.values_list("code", "id"))
    units = dict(Unit.objects.values_list("code", "id"))
    known = set(CatalogueEntry.objects.values_list("category_id", flat=True))
    added = 0
    for row in rows_of("qushu.hotline", "catalogue.csv"):
        category, to_street = categories.get(row["category"]), row["to_street_office"] == "yes"
        if category is None or category in known or not (to_street or row["lead_unit"] in units):
            continue
        entry = CatalogueEntry.objects.create(
            category_id=category,
            to_street_office=to_street,
            lead_unit_id=units.get(row["lead_unit"]),
            legal_basis=row["legal_basis"],
            effective_from=CATALOGUE_FROM,
        )
        entry.assisting.set(units[code] for code in row["assisting"].split() if code in units)
        added += 1
    return added


def seed_knowledge() -> int:
    """知识库: general answers, each to be checked against the rules in force before it is given.

    A seeded entry without a unit gets it once the unit exists: the district's units may be seeded later.
    """
    categories = dict(Category.objects.values_list("code", "id"))
    units = dict(Unit.objects.values_list("code", "id"))
    known = set(Knowledge.objects.values_list("title", flat=True))
    nobodys = Knowledge.objects.filter(unit=None, written_by=None)
    lacking = set(nobodys.values_list("title", flat=True)) if units else set()
    added = 0
    for entry in _toml("knowledge.toml")["entry"]:
        if entry["title"] in lacking and entry.get("unit") in units:
            nobodys.filter(title=entry["title"]).update(unit_id=units[entry["unit"]])
        if entry["title"] in known:
            continue
        answer = entry["answer"].strip()
        Knowledge.objects.create(
            title=entry["title"],
            answer=answer,
            keywords=entry["keywords"],
            category_id=categories.get(entry.get("category", "")),
            unit_id=units.get(entry.get("unit", "")),
            basis=entry.get("basis", ""),
            valid_from=entry["valid_from"],
            written_at=datetime.combine(entry["valid_from"], time(1), UTC),
            words=search_words(entry["title"], entry["keywords"], answer),
        )
        added += 1
    return added


def seed_schemes() -> int:
    """考核: the published formulas and the default scheme, each version once."""
    known = set(AssessmentScheme.objects.values_list("name", "version"))
    added = 0
    for entry in _toml("schemes.toml")["scheme"]:
        if (entry["name"], entry["version"]) in known:
            continue
        rules, tiers = entry.pop("rules"), entry.pop("tiers")
        scheme = AssessmentScheme.objects.create(
            made_at=datetime.combine(entry["effective_from"], time(1), UTC), **entry
        )
        AssessmentRule.objects.bulk_create(
            AssessmentRule(scheme=scheme, order=order, **rule) for order, rule in enumerate(rules, 1)
        )
        AssessmentTier.objects.bulk_create(AssessmentTier(scheme=scheme, **tier) for tier in tiers)
        added += 1
    return added


def seed_duty(first: date, days: int) -> int:
    """值班表: three shifts a day (08–16, 16–24, 00–08) by turns among agents and supervisors, a leader for each day."""
    agents = _with_role(Role.agent)
    leads = _with_role(Role.supervisor)
    if not agents or not leads:
        return 0
    shifts = []
    for number in range(days * 3):
        starts = datetime.combine(first, time(0), SHANGHAI) + timedelta(hours=8 * number)
        on_duty = {agents[(number * 4 + seat) % len(agents)]: "desk" for seat in range(4)}
        on_duty[leads[number % len(leads)]] = "lead"
        shifts += [
            DutyShift(account_id=account, post=post, starts_at=starts, ends_at=starts + timedelta(hours=8))
            for account, post in on_duty.items()
        ]
    leaders = _with_role(Role.leader)
    for number in range(days if leaders else 0):
        starts = datetime.combine(first, time(0), SHANGHAI) + timedelta(days=number)
        leader = leaders[number % len(leaders)]
        shifts.append(DutyShift(account_id=leader, post="leader", starts_at=starts, ends_at=starts + timedelta(days=1)))
    before = DutyShift.objects.count()
    DutyShift.objects.bulk_create(shifts, ignore_conflicts=True)
    return DutyShift.objects.count() - before


def _with_role(role: str) -> list[int]:
    accounts = Account.objects.filter(grants__role=role, is_active=True).distinct().order_by("id")
    return list(accounts.values_list("id", flat=True))


def _toml(name: str) -> dict[str, list[dict]]:
    return tomllib.loads(files("qushu.hotline").joinpath("data", name).read_text(encoding="utf-8"))
