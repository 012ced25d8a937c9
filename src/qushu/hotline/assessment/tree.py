"""Categories of any level: figures of the tree's leaves added up on the way to its root."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from qushu.cases.models import Category

from .measures import NOBODY
from .queries import Counts
from .rules import Count

Sums = dict[int, dict[str, Count]]


@dataclass(frozen=True)
class Node:
    """A category: its level (1 to 3), parent, name and the names down to it."""

    id: int
    level: int
    parent_id: int | None
    name: str
    full_name: str


@dataclass(frozen=True)
class Tree:
    """All categories by id."""

    nodes: Mapping[int, Node]

    @classmethod
    def read(cls) -> "Tree":
        """From the database: one read of a few hundred rows."""
        rows = Category.objects.values_list("id", "level", "parent_id", "name", "full_name")
        return cls({row[0]: Node(*row) for row in rows})

    def above(self, node_id: int) -> list[int]:
        """The category and those above it, from the top."""
        way: list[int] = []
        node = self.nodes.get(node_id)
        while node is not None:
            way.insert(0, node.id)
            node = self.nodes.get(node.parent_id) if node.parent_id else None
        return way

    def below(self, node_id: int) -> list[int]:
        """The category and all below it."""
        return [one for one in self.nodes if node_id in self.above(one)]

    def has_children(self, node_id: int) -> bool:
        return any(node.parent_id == node_id for node in self.nodes.values())

    def sums(self, counts: Counts, level: int, within: int | None) -> Sums:
        """Figures at `level`, or of the children of `within`; NOBODY stays beside the categories of a level.

        What was given no finer category stands under the category that it was given.
        """
        found: Sums = {}
        for category, counted in counts.items():
            key = self._key(category, level, within)
            if key is not None:
                so_far = found.setdefault(key, {})
                for code, count in counted.items():
                    so_far[code] = so_far.get(code, Count()) + count
        return found

    def ids_behind(self, shown: int, counted: Collection[int], level: int, within: int | None) -> list[int]:
        """The categories whose figures stand under the one that is shown."""
        return [one for one in counted if self._key(one, level, within) == shown]

    def _key(self, category: int, level: int, within: int | None) -> int | None:
        if category == NOBODY:
            return NOBODY if within is None else None
        way = self.above(category)
        if within is None:
            return way[min(level, len(way)) - 1] if way else None
        if within not in way:
            return None
        return way[min(way.index(within) + 1, len(way) - 1)]
