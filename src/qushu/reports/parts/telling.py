"""What many people tell of one thing, what was warned of, and typical cases without personal data."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.hotline.assessment.periods import period_of
from qushu.insight.matters.models import Matter, Membership
from qushu.insight.overview.cutting import rows_behind
from qushu.insight.understanding.gist import gist_of
from qushu.insight.warnings.models import Warning
from qushu.kernel.personal import mask_free_text

from ..book import ALL, name_of
from ..content import LEFT, RIGHT, Block, quote, table, text
from ..facts import plain
from .desk import Desk

MATTERS, WARNINGS, CASES, LOOKED_AT, READ = 8, 8, 3, 20, 300
SHORTEST = 8
_DOOR = re.compile(r"[0-9０-９A-Za-z]+(?:[-－—~][0-9０-９]+)*\s*(栋|幢|号楼|单元|号|室|楼|层|门|户)")
"""Numbers of houses and rooms: they may lead to the person who called."""


def matters(desk: Desk) -> list[Block]:
    """The matters of which most cases came in the period; a sealed case is in no matter's title here. None beside the one
    that the report is about."""
    if any(name == "matter" for name, _ in desk.book.filters):
        desk.hear("matter")
        return []
    period = period_of(*desk.now, desk.book.now)
    members = Membership.objects.filter(period.of("accepted_at"), removed_at__isnull=True)
    counted = members.values("matter").annotate(n=Count("pk")).filter(n__gte=3).order_by("-n", "matter")[:MATTERS]
    titles = dict(Matter.objects.filter(pk__in=[row["matter"] for row in counted]).values_list("pk", "title"))
    rows = []
    for row in counted:
        fact = desk.book.asked("count", desk.now, ("matter", str(row["matter"])))
        if fact.number >= 3:
            rows.append((plain(mask_free_text(titles[row["matter"]])), fact))
    if not rows:
        return []
    desk.hear("matter")
    said = f"多人反映、件数最多的事项是“{rows[0][0]}”，期内{rows[0][1]}件。"
    shown = [[title, str(fact)] for title, fact in rows]
    return [text(said), table("群体诉求事项", [(5, LEFT), (1, RIGHT)], ["事项", "期内件数"], shown)]


def warnings(desk: Desk) -> list[Block]:
    """The gravest warnings raised in the period, with the cases of the report behind each; one without any isn't told."""
    raised = Warning.objects.filter(period_of(*desk.now, desk.book.now).of("raised_at"))
    rows: list[list[str]] = []
    for one in raised.order_by("-level", "raised_at", "pk")[:LOOKED_AT]:
        fact = desk.book.asked("count", desk.now, ("warning", str(one.pk)))
        if fact.number and len(rows) < WARNINGS:
            day = timezone.localdate(one.raised_at, SHANGHAI)
            said = [f"{day.month}月{day.day}日", one.get_level_display(), one.get_kind_display()]
            rows.append([*said, plain(mask_free_text(one.title)), str(fact), one.get_outcome_display() or "未判定"])
    if not rows:
        return [text("期内没有涉及这些诉求的预警。")]
    columns = [(1.4, LEFT), (1, LEFT), (1, LEFT), (3.6, LEFT), (1.3, RIGHT), (1.1, LEFT)]
    head = ["日期", "级别", "种类", "预警", "期内件数", "结论"]
    first = rows[0]
    said_first = f"期内级别最高的预警是{first[0]}的“{first[3]}”（{first[1]}），涉及诉求{first[4]}件。"
    return [text(said_first), table("主要预警", columns, head, rows)]


def cases(desk: Desk) -> list[Block]:
    """One resolved case for each of the categories that findings or figures put first; never one whose caller is sealed."""
    told = []
    for key in _categories(desk):
        for case in _candidates(desk, key):
            gist = gist_of(case.statement.text)
            if len(gist.matter) >= SHORTEST:
                said = _DOOR.sub(r"某\1", "；".join(filter(None, (gist.matter, gist.wish))))
                told.append(quote(f"市民反映：{said}。{_outcome(case)}", f"{name_of('category2', key)}。"))
                break
    return told


def _categories(desk: Desk) -> list[Any]:
    raised = [one.value for one in desk.signals if one.signal == "up" and one.dimension == "category2"]
    largest = desk.book.cut("count", desk.now, "category2").keys
    return list(dict.fromkeys([*raised, *largest]))[:CASES]


def _candidates(desk: Desk, category: Any) -> list[Case]:
    """Solved cases of the report in this category, the best judged first, the newest of them."""
    question = desk.book.question("count", desk.now, ("category2", str(category)))
    ids = [row[0] for row in rows_behind(question, "all", ALL, desk.book.now, None, READ)]
    chosen = Case.objects.filter(pk__in=ids, resolved_at__lte=desk.book.now, solved=True)
    chosen = chosen.exclude(marks__contains=["sensitive"]).select_related("statement", "lead_unit")
    return list(chosen.order_by("-satisfaction", "-accepted_at", "-id")[:LOOKED_AT])


def _outcome(case: Case) -> str:
    unit = plain(case.lead_unit.name) if case.lead_unit else "承办单位"
    days = _days(case.accepted_at, case.resolved_at)
    return f"由{unit}{days}办结，回访时市民表示问题已经解决。"


def _days(start: datetime, end: datetime | None) -> str:
    return "当日" if end and end - start < timedelta(days=1) else ""
