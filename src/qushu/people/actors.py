"""From an account to the actor that the permission matrix knows."""

from qushu.places.queries import areas_below

from .access import Actor, actor_of
from .models import Account


def actor_for(account: Account) -> Actor:
    """The account's actor with its present grants: one query, and one per level of areas for grants bound to an area.

    A grant for an area reaches the areas in it: a grant for a street holds for its communities and their grids.
    """
    grants: list[tuple[str, int | None, int | None]] = []
    for role, unit_id, area_id in account.grants.order_by("pk").values_list("role", "unit_id", "area_id"):
        if area_id is None:
            grants.append((role, unit_id, None))
        else:
            grants += [(role, unit_id, below) for below in sorted(areas_below({area_id}))]
    return actor_of(account.pk, account.name, grants)
