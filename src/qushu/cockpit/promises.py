"""The promises of the year as a tree: department, projects, targets; each target with colour, trend and proof."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from qushu.kernel.errors import Missing
from qushu.ledger.indicators.queries import SOURCES, Known, annual_known
from qushu.ledger.indicators.rules import LIGHTS
from qushu.ledger.models import BudgetDocument
from qushu.ledger.queries import newest_document

COLOURS = {light: LIGHTS[light] for light in ("late", "warn", "good", "unknown")} | {"none": SOURCES["none"]}
"""What a field of the tree may be, the gravest first."""
TRENDS = {"up": "近四周高于全年", "down": "近四周低于全年", "flat": "近四周与全年持平", "": ""}
ARROWS = {
    "up": "M5 9V1M1.5 4.5 5 1l3.5 3.5",
    "down": "M5 1v8M1.5 5.5 5 9l3.5-3.5",
    "flat": "M1 5h8M5.5 1.5 9 5 5.5 8.5",
    "": "",
}
"""Outlines in a field of 10 × 10."""
FIELD = '<li><a id="leaf-{}" class="leaf leaf-{} proof-{}" href="{}" title="{}" aria-label="{}">{}</a></li>'
ARROW = '<svg viewBox="0 0 10 10" aria-hidden="true"><path d="{}"/></svg>'
DEPARTMENT = "DEPT"


@dataclass(frozen=True)
class Leaf:
    """A target as the tree shows it. `colour` is a key of COLOURS: its light, or `none` where nobody has said
    anything; `arrow`: the outline of its trend."""

    known: Known
    href: str
    colour: str
    arrow: str
    words: str


@dataclass(frozen=True)
class Count:
    """How many targets have this light, and their list."""

    light: str
    name: str
    number: int
    href: str


@dataclass(frozen=True)
class Branch:
    """A project (or the department as a whole) with its annual targets; `paid`: percent of its budget, if there are books."""

    code: str
    name: str
    href: str
    leaves: list[Leaf]
    counts: list[Count]
    paid: Decimal | None = None
    money_href: str = ""

    @property
    def fields(self) -> SafeString:
        """The leaves as list items. Drawn here: the template took longer for them than for the rest of the screen."""
        return format_html_join("", FIELD, (_field(leaf) for leaf in self.leaves))


@dataclass(frozen=True)
class Tree:
    """The newest document's promises, with values of `year`; without a document there are no branches."""

    year: int
    document: BudgetDocument | None = None
    branches: list[Branch] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    total: int = 0
    measured: Count = Count("", SOURCES["measured"], 0, "")
    stale: bool = False
    """Whether one of its values is out of date."""


def document_of_now() -> BudgetDocument | None:
    """The newest document; None before the first."""
    try:
        return newest_document()
    except Missing:
        return None


def tree_of(document: BudgetDocument | None, paid: Mapping[str, Decimal], year: int, now: datetime) -> Tree:
    """The tree of a document, with what was paid by project; four reads."""
    if document is None:
        return Tree(year)
    known = annual_known(document, year, now)
    pages = f"{reverse('target', args=[0])}?year={year}".split("/0/")  # asked once: there are many fields
    by_owner: dict[str, list[Known]] = {}
    for one in known:
        by_owner.setdefault(one.target.project.code if one.target.project else DEPARTMENT, []).append(one)
    branches = [_branch(code, some, paid.get(code), year, pages) for code, some in by_owner.items()]
    measured = sum(one.source == "measured" for one in known)
    return Tree(
        year,
        document,
        sorted(branches, key=lambda one: one.code != DEPARTMENT),
        _counts(known, year),
        len(known),
        Count("", SOURCES["measured"], measured, _list(year, source="measured")),
        any(one.stale for one in known),
    )


def _branch(code: str, known: list[Known], paid: Decimal | None, year: int, pages: Sequence[str]) -> Branch:
    target = known[0].target
    return Branch(
        code,
        target.project.name if target.project else "部门整体",
        _list(year, owner=code),
        [_leaf(one, f"/{one.target.pk}/".join(pages)) for one in known],
        _counts(known, year, owner=code),
        paid,
        reverse("budget-project", args=[target.document_id, code]) if target.project else "",
    )


def _leaf(known: Known, href: str) -> Leaf:
    light = known.standing.light
    said = "—" if known.source == "none" else known.words if known.value is None else f"{known.value.normalize():f}"
    parts = [
        f"{known.target.name}：承诺 {known.target.promised}，现在 {said}",
        SOURCES[known.source] if known.source == "none" else f"{LIGHTS[light]}，{SOURCES[known.source]}",
        TRENDS[known.trend],
        known.age,
    ]
    return Leaf(
        known,
        href,
        _colour(known),
        ARROWS[known.trend],
        "；".join(part for part in parts if part),
    )


def _field(leaf: Leaf) -> tuple[object, ...]:
    target, words = leaf.known.target.pk, leaf.words
    arrow = format_html(ARROW, leaf.arrow) if leaf.arrow else ""
    proof = f"{leaf.known.source} leaf-stale" if leaf.known.stale else leaf.known.source
    return target, leaf.colour, proof, leaf.href, words, words, arrow


def _colour(known: Known) -> str:
    return "none" if known.source == "none" else known.standing.light


def _counts(known: Iterable[Known], year: int, **narrowed: str) -> list[Count]:
    """How many have each colour, the gravest first; colours that nobody has are left out."""
    colours = [_colour(one) for one in known]
    ways = {"none": {"source": "none"}, "unknown": {"source": "people", "light": "unknown"}}
    return [
        Count(colour, name, colours.count(colour), _list(year, **(ways.get(colour, {"light": colour}) | narrowed)))
        for colour, name in COLOURS.items()
        if colour in colours
    ]


def _list(year: int, **narrowed: str) -> str:
    return f"{reverse('targets')}?{urlencode({'scope': 'annual', 'year': str(year)} | narrowed)}"
