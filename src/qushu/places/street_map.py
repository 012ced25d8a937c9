"""Where each street lies on a schematic map: fields of equal size, neighbours beside each other, north above.

No outlines of streets are published; these places were set by hand by looking at a map of the district. Fields of a row stand two apart,
and the next row is set off by one.
"""

import csv
from importlib.resources import files

from qushu.kernel.kept import Kept

from .models import Area

Place = tuple[int, int]


def _read() -> dict[int, Place]:
    with files("qushu.places").joinpath("data", "street_map.csv").open(encoding="utf-8") as file:
        places = {row["code"]: (int(row["x"]), int(row["y"])) for row in csv.DictReader(file)}
    known = Area.objects.filter(code__in=places).values_list("pk", "code")
    return {pk: places[code] for pk, code in known}


_PLACES = Kept(("places_area",), _read)


def street_places() -> dict[int, Place]:
    """The place (x, y) of each street by its id; streets that nobody has placed are not in it."""
    return _PLACES.get()
