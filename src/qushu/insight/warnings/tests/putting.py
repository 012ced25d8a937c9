"""Cases put straight into the database for tests of warnings: many at once, with what the looks read."""

from datetime import datetime, timedelta
from itertools import count

from qushu.cases.entries import write_entries
from qushu.cases.models import Case, Statement
from qushu.cases.tests.district import District
from qushu.places.models import Area

_numbers = count(1)


def put_cases(
    district: District, moments: list[datetime], area: Area | None = None, text: str = "", **facts: object
) -> list[Case]:
    """One case a moment in the community (or `area`), registered, of the district's category unless `facts` say else."""
    area = area or district.community
    wanted = {
        "state": "registered",
        "channel_id": "12345",
        "category_id": district.category.pk,
        "street_id": area.parent_id,
        "area_id": area.pk,
        "title": "测试诉求",
    } | facts
    made = Case.objects.bulk_create(
        [Case(number=f"TW{next(_numbers):09d}", accepted_at=moment, **wanted) for moment in moments]
    )
    if text:
        Statement.objects.bulk_create([Statement(case=case, text=text) for case in made])
        write_entries([case.pk for case in made])
    return made


def every(start: datetime, hours: float, number: int) -> list[datetime]:
    """So many moments from `start`, so many hours apart."""
    return [start + timedelta(hours=hours * nth) for nth in range(number)]
