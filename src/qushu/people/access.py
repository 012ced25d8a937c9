"""Who may do what: the permission matrix, and the one place that answers it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from qushu.kernel.errors import Forbidden


@dataclass(frozen=True)
class GrantValue:
    """A role, limited to a unit or an area when one is given."""

    role: str
    unit_id: int | None = None
    area_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: an account with its grants, a citizen, or the system itself."""

    name: str
    grants: tuple[GrantValue, ...]
    account_id: int | None = None
    roles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(grant.role for grant in self.grants))

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(grant.unit_id for grant in self.grants if grant.unit_id is not None)

    @property
    def unit_id(self) -> int | None:
        """The unit a person acts for: the first that was granted."""
        return next((grant.unit_id for grant in self.grants if grant.unit_id is not None), None)


CITIZEN = Actor("市民", (GrantValue("citizen"),))
SYSTEM = Actor("系统", (GrantValue("system"),))


@dataclass(frozen=True)
class Scope:
    """The cases an action reaches: everything, or those of these units or in these areas (either suffices)."""

    everything: bool = False
    unit_ids: frozenset[int] = frozenset()
    area_ids: frozenset[int] = frozenset()

    @property
    def nothing(self) -> bool:
        return not (self.everything or self.unit_ids or self.area_ids)


@cache
def matrix() -> dict[str, dict[str, str]]:
    """The file matrix.txt as {action: {role: 'all' | 'own' | '-'}}. Raises ValueError as `read_matrix` does."""
    return read_matrix(files("qushu.people").joinpath("matrix.txt").read_text(encoding="utf-8"))


def read_matrix(text: str) -> dict[str, dict[str, str]]:
    """A matrix from its text: {action: {role: 'all' | 'own' | '-'}}.

    Raises ValueError naming the line when it isn't a full table of known words, each action once.
    """
    table: dict[str, dict[str, str]] = {}
    roles: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = line.split("#")[0].split()
        if not cells:
            continue
        if not roles:
            roles = cells[1:]
            continue
        if len(cells) != len(roles) + 1 or not set(cells[1:]) <= {"all", "own", "-"} or cells[0] in table:
            raise ValueError(f"matrix.txt line {number}: expected an action and {len(roles)} cells of all, own or -")
        table[cells[0]] = dict(zip(roles, cells[1:], strict=True))
    return table


def actor_of(account_id: int, name: str, grants: Iterable[tuple[str, int | None, int | None]]) -> Actor:
    """An account's actor from its grants (role, unit id, area id)."""
    return Actor(name, tuple(GrantValue(*grant) for grant in grants), account_id)


def scope(actor: Actor, action: str) -> Scope:
    """What `action` reaches for `actor`. Raises KeyError for an action the matrix doesn't name.

    A grant that names an area or a unit never reaches further than that, whatever the role's cell allows.
    """
    row = matrix()[action]
    units: set[int] = set()
    areas: set[int] = set()
    for grant in actor.grants:
        cell = row.get(grant.role, "-")
        if cell == "-":
            continue
        if cell == "all" and grant.area_id is None and grant.unit_id is None:
            return Scope(everything=True)
        if cell == "all" and grant.area_id is not None:
            areas.add(grant.area_id)
        if grant.unit_id is not None:
            units.add(grant.unit_id)
    return Scope(unit_ids=frozenset(units), area_ids=frozenset(areas))


def may(
    actor: Actor, action: str, *, unit_ids: Collection[int | None] = (), area_ids: Collection[int | None] = ()
) -> bool:
    """Whether `actor` may do `action` on something of these units and areas."""
    reach = scope(actor, action)
    return reach.everything or not reach.unit_ids.isdisjoint(unit_ids) or not reach.area_ids.isdisjoint(area_ids)


def may_at_all(actor: Actor, action: str) -> bool:
    """Whether there is anything on which `actor` may do `action`; decides what pages and buttons are shown."""
    return not scope(actor, action).nothing


def require(
    actor: Actor, action: str, *, unit_ids: Collection[int | None] = (), area_ids: Collection[int | None] = ()
) -> None:
    """Raises Forbidden unless `may`."""
    if not may(actor, action, unit_ids=unit_ids, area_ids=area_ids):
        raise Forbidden(f"{actor.name}没有权限执行此操作（{action}）。什么也没有改变；如确需办理，请联系管理员授权。")
