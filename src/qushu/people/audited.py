"""What of this room is audited: the word of each kind of subject, and where its page is."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from qushu.places.models import Area

from .audit import Kind, page_of_all, pages_of
from .models import Account, Unit


def _sheets(keys: Collection[str]) -> Mapping[str, str]:
    """The page of the list that was imported or exported."""
    from .sheets import SHEETS  # reads models, and the rooms above fill it

    return {key: reverse(SHEETS[key].page) for key in keys if key in SHEETS}


KINDS = {
    "account": Kind("账号", pages_of(Account, "username", "people:account"), "accounts.write"),
    "unit": Kind("单位", pages_of(Unit, "code", "people:unit"), "units.write"),
    "area": Kind("区域", pages_of(Area, "code", "places:area"), "areas.write"),
    "token": Kind("接口令牌", page_of_all("people:tokens"), "tokens.write"),
    "sheet": Kind("导入导出", _sheets),
}
