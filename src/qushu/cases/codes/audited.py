"""What of this room is audited: the word of each kind of subject, and where its page is."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from qushu.people.audit import Kind, pages_of

from ..limits import KINDS as LIMITS
from ..models import Case, Category, Channel, ClockRule, LadderStep, Reason


def _reasons(keys: Collection[str]) -> Mapping[str, str]:
    """A reason's key is what it is for and its code: `return/other`."""
    moves, codes = ({key.partition("/")[half] for key in keys} for half in (0, 2))
    rows = Reason.objects.filter(move__in=moves, code__in=codes).values_list("move", "code", "pk")
    return {f"{move}/{code}": reverse("reason", args=[pk]) for move, code, pk in rows}


def _limits(keys: Collection[str]) -> Mapping[str, str]:
    return {key: reverse("limit", args=[key]) for key in keys if key in LIMITS}


def _years(keys: Collection[str]) -> Mapping[str, str]:
    return {key: f"{reverse('calendar')}?year={key}" for key in keys}


CODES, CALENDAR = "codes.write", "calendar.write"
KINDS = {
    "case": Kind("工单", pages_of(Case, "number", "case-page", "number"), "case.read"),
    "export": Kind("导出的列表"),
    "category": Kind("类别", pages_of(Category, "code", "category"), CODES),
    "channel": Kind("渠道", pages_of(Channel, "code", "channel", "code"), CODES),
    "reason": Kind("理由", _reasons, CODES),
    "rule": Kind("时限规则", pages_of(ClockRule, "pk", "clock-rule"), CODES),
    "ladder": Kind("催办级", pages_of(LadderStep, "pk", "ladder-step"), CODES),
    "limit": Kind("办理限额", _limits, CODES),
    "calendar": Kind("工作日历", _years, CALENDAR),
}
