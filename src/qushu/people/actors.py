"""From an account to the actor that the permission matrix knows."""

from qushu.kernel.kept import Kept
from qushu.places.queries import areas_below

from .access import Actor, actor_of
from .models import Account, Grant


def actor_for(account: Account) -> Actor:
    """The account's actor with its present grants, which are kept until any grant or area changes.

    A grant for an area reaches the areas in it: a grant for a street holds for its communities and their grids.
    """
    return actor_of(account.pk, account.name, _GRANTS.get(account.pk))


def _read(account_id: int) -> list[tuple[str, int | None, int | None]]:
    grants: list[tuple[str, int | None, int | None]] = []
    found = Grant.objects.filter(account=account_id).order_by("pk").values_list("role", "unit_id", "area_id")
    for role, unit_id, area_id in found:
        if area_id is None:
            grants.append((role, unit_id, None))
        else:
            grants += [(role, unit_id, below) for below in sorted(areas_below({area_id}))]
    return grants


_GRANTS = Kept(("people_grant", "places_area"), _read)
