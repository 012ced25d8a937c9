"""A district with two months of cases."""

from datetime import datetime, timedelta

from qushu.cases import actions
from qushu.cases.tests.district import MONDAY, District
from qushu.lake.copying import bring_up_to_date

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW: datetime = MONDAY + 75 * DAY


def make_spring(district: District) -> District:
    """March, from its first day: 4 cases; April: 12, of which some are handled in time, one late, one not yet."""
    for number in range(16):
        start = timedelta(days=number - 3) if number < 4 else timedelta(days=30 + number)
        case = actions.accept_case(district.call("agent", start), district.intake())
        actions.register_case(
            district.call("agent", start), case.pk, district.category.pk, district.community.pk, "complaint", "general"
        )
        actions.dispatch_case(district.call("dispatcher", start + HOUR), case.pk, district.water.pk)
        if number == 15:
            continue
        at = start + (20 * DAY if number == 14 else DAY)
        actions.acknowledge_case(district.call("unit", at), case.pk)
        actions.record_contact(district.call("unit", at), case.pk, "电话", "已联系")
        actions.resolve_case(district.call("unit", at), case.pk, "已处理", "solved")
        good = number % 3 != 0
        actions.follow_up_case(
            district.call("follow_up", at + HOUR), case.pk, reached=True, solved=good, satisfaction=5 if good else 1
        )
    bring_up_to_date(NOW)
    return district
