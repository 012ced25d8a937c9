"""Names in a foreign table, looked up in ours; made when the mapping allows it."""

import hashlib
from datetime import date
from functools import lru_cache
from typing import Any

from qushu.cases.models import Category, Channel
from qushu.people.models import Unit
from qushu.places.models import Area

from .mapping import BadRow, Facts, MappingFile

VALID_FROM = date(2000, 1, 1)


class Names:
    """Looks up channels, categories, areas and units by name. Keeps what it found for the length of one import."""

    def __init__(self, mapping: MappingFile) -> None:
        self.mapping = mapping
        self.channels = {key: pk for pk, name in Channel.objects.values_list("code", "name") for key in (pk, name)}
        self.units = dict(Unit.objects.values_list("name", "id"))
        self.categories = _categories()
        self.district_id = self._district()
        # one lookup per distinct name, not per row
        self.category = lru_cache(maxsize=None)(self._category)
        self.area = lru_cache(maxsize=None)(self._area)

    def ids(self, facts: Facts) -> dict[str, Any]:
        """The names of a row as columns of a case. Raises BadRow when one is unknown and may not be made."""
        street, area = self.area(facts.street, facts.community)
        return {
            "channel_id": self.channel(facts.channel),
            "category_id": self.category(facts.category) if facts.category else None,
            "street_id": street,
            "area_id": area,
            "lead_unit_id": self.unit(facts.unit),
        }

    def channel(self, name: str) -> str:
        """The channel's code. Raises BadRow."""
        if name not in self.channels:
            self._may_make("channels", f"没有“{name}”这个渠道")
            channel, _ = Channel.objects.get_or_create(code=_code(name, 20), defaults={"name": name[:40], "order": 900})
            self.channels[name] = channel.code
        return self.channels[name]

    def unit(self, name: str) -> int | None:
        """The unit's id, None for an empty name. Raises BadRow."""
        if not name:
            return None
        if name not in self.units:
            self._may_make("units", f"没有“{name}”这个承办单位")
            self.units[name] = Unit.objects.create(
                code=_code(f"{self.mapping.source}:{name}", 30), name=name[:60], kind="department"
            ).pk
        return self.units[name]

    def _category(self, path: tuple[str, ...]) -> int | None:
        parent: int | None = None
        full = ""
        for level, name in enumerate(path, 1):
            full = f"{full} / {name}" if full else name
            if full not in self.categories:
                self._may_make("categories", f"没有“{full}”这个类别")
                made = Category.objects.create(
                    code=_code(f"{self.mapping.source}:{full}", 30),
                    name=name[:60],
                    parent_id=parent,
                    level=level,
                    full_name=full[:200],
                )
                self.categories[full] = made.pk
            parent = self.categories[full]
        return parent

    def _area(self, street: str, community: str) -> tuple[int | None, int | None]:
        """(street id, id of the deepest area known). An unknown name is refused only when areas may not be made."""
        if not street:
            return None, None
        street_id = self._place(street, "street", self.district_id)
        if not community:
            return street_id, street_id
        return street_id, self._place(community, "community", street_id)

    def _place(self, name: str, level: str, parent_id: int | None) -> int:
        found = Area.objects.filter(name=name, level=level)
        area = found.filter(parent_id=parent_id).first() if parent_id else found.first()
        if area is None:
            self._may_make("areas", f"没有“{name}”这个区域")
            area = Area.objects.create(
                code=_code(f"{self.mapping.source}:{parent_id}:{name}", 20),
                name=name[:60],
                level=level,
                parent_id=parent_id,
                valid_from=VALID_FROM,
            )
        return area.pk

    def _district(self) -> int | None:
        if self.mapping.district is None:
            return Area.objects.filter(level="district").order_by("id").values_list("id", flat=True).first()
        area, _ = Area.objects.get_or_create(
            code=self.mapping.district["code"],
            defaults={"name": self.mapping.district["name"], "level": "district", "valid_from": VALID_FROM},
        )
        return area.pk

    def _may_make(self, what: str, why: str) -> None:
        if what not in self.mapping.make_missing:
            raise BadRow(why)


def _code(text: str, length: int) -> str:
    """A code for something that came without one: the same for the same text."""
    return "x" + hashlib.new("sm3", text.encode()).hexdigest()[: min(length - 1, 19)]


def _categories() -> dict[str, int]:
    """Categories by their full name; one that was merged leads to where it went."""
    rows = list(Category.objects.values_list("id", "full_name", "merged_into_id"))
    into = {pk: target for pk, _, target in rows if target is not None}
    found = {}
    for pk, name, _ in rows:
        while pk in into:
            pk = into[pk]
        found[name] = pk
    return found
