"""Code tables by their codes: callers name a category, unit, area or reason by its code, never by our row numbers."""

from collections.abc import Sequence

from qushu.cases.models import Case, Category, Reason, Review
from qushu.cases.queries import case_by_number
from qushu.kernel.errors import Missing, Refused
from qushu.people.access import Actor
from qushu.people.models import Unit
from qushu.places.models import Area
from qushu.places.options import known_areas

from .schemas import Named


def category_id(code: str | None) -> int | None:
    """The category with this code; None for none. Raises Refused."""
    return _id(Category.objects.filter(active=True), code, "category", "类别") if code else None


def area_id(code: str | None) -> int | None:
    """The area with this code; None for none. Raises Refused."""
    if not code:
        return None
    found = known_areas().ids_by_code.get(code)
    if found is None:
        raise _unknown(code, "area", "区域")
    return found


def unit_id(code: str, field: str = "lead_unit") -> int:
    """The unit with this code. Raises Refused."""
    return _id(Unit.objects.filter(active=True), code, field, "单位")


def unit_ids(codes: Sequence[str]) -> list[int]:
    """The units with these codes, in their order. Raises Refused for the first that isn't there."""
    return [unit_id(code, "assisting") for code in codes]


def reason_id(move: str, code: str) -> int:
    """The reason with this code for this kind of request (`GET /codes/reasons`). Raises Refused."""
    return _id(Reason.objects.filter(active=True, move=move), code, "reason", "理由")


def case_of(actor: Actor, number: str) -> Case:
    """The case this caller may read. Raises Missing, which doesn't tell whether it exists."""
    case = case_by_number(actor, number)
    if case is None or case.number != number.upper():
        raise Missing("没有这个诉求件，或您无权查看。请核对编号。")
    return case


def open_review(case: Case, kind: str) -> Review:
    """The undecided request of this kind. Raises Missing."""
    review = case.reviews.filter(kind=kind, decided_at__isnull=True).first()
    if review is None:
        raise Missing("这个诉求件没有待审核的此类申请。")
    return review


def named(row: Category | Unit | Area | None) -> Named | None:
    """A row of a code table as it is shown."""
    if row is None:
        return None
    return Named(code=row.code, name=row.full_name if isinstance(row, Category) else row.name)


def _id(rows, code: str, field: str, what: str) -> int:  # type: ignore[no-untyped-def]
    found = rows.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise _unknown(code, field, what)
    return int(found)


def _unknown(code: str, field: str, what: str) -> Refused:
    return Refused(f"没有代码为“{code}”的{what}。什么也没有改变。", code=f"unknown_{field}", field=field)
