"""An answer as a file."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.hotline.assessment.sheet import TYPES
from qushu.kernel.asked import number_in
from qushu.kernel.tables import Column, write_csv, write_xlsx
from qushu.people import audit
from qushu.people.access import Actor

from .cutting import NOT_THESE, Answer, Group, Question
from .definitions import CASE_SETS, CONDITIONS, DIMENSIONS
from .drawing import lines_of
from .naming import namer

__all__ = ["TYPES", "export_answer", "filters_in_words"]
OTHER_FILTERS = {"category": "类别", "area": "社区", "mark": "标记"}
NAMED_LIKE = {"category": "category3", "area": "community"}


def export_answer(actor: Actor, found: Answer, form: str, file: BinaryIO, now: datetime) -> str:
    """Write the groups as `form` (a key of TYPES) with what was asked in the head; the file's name. Audited."""
    question = found.question
    rows: list[tuple[Sequence[str], Group]] = [(names, group) for names, group, _ in lines_of(found)]
    rows.append((["合计", *[""] * (len(question.by) - 1)], found.total))
    head = [
        f"指标：{question.measure.name}（{question.measure.formula}）",
        f"时段：{question.first} 至 {question.last}",
        f"条件：{'；'.join(filters_in_words(question)) or '无'}",
        f"数据截至 {timezone.localtime(now, SHANGHAI):%Y-%m-%d %H:%M}",
    ]
    if form == "csv":
        write_csv(rows, _columns(question), file, head=head)
    else:
        write_xlsx(rows, _columns(question), file, question.measure.name, head=head)
    told = {"filters": " | ".join(head[:3]), "format": form, "rows": len(rows)}
    audit.record(actor, "crosscut.exported", f"cut:{question.measure.code}", data=told, now=now)
    return f"cross-cut-{question.measure.code}-{question.first}-{question.last}.{form}"


def filters_in_words(question: Question) -> list[str]:
    """What the question was narrowed to."""
    said = []
    for name, value in question.filters:
        if name in CONDITIONS:
            said.append(CONDITIONS[name][0])
            continue
        if name in CASE_SETS:
            number = number_in(value)
            said.append(f"{CASE_SETS[name].word}：{value if number is None else CASE_SETS[name].name(number)}")
            continue
        title = DIMENSIONS[name].name if name in DIMENSIONS else OTHER_FILTERS[name]
        said.append(f"{title}：{_word(name, value)}")
    return said


def _word(name: str, value: str) -> str:
    """A value of an address as people call it."""
    if value == "none":
        return namer(name)(None)
    if value.startswith(NOT_THESE):
        return "其他（不含 " + "、".join(_word(name, one) for one in value[1:].split(".")) + "）"
    if name in ("day", "week", "month"):
        return value[:7] if name == "month" else value
    number = name in NAMED_LIKE or (name in DIMENSIONS and DIMENSIONS[name].kind == "number")
    try:
        return namer(NAMED_LIKE.get(name, name))(int(value) if number else value)
    except (ValueError, IndexError):
        return value


def _columns(question: Question) -> list[Column]:
    measure = question.measure
    columns = [Column(one.name, _name_at(place), 22) for place, one in enumerate(question.by or (None,)) if one]
    columns = columns or [Column("", _name_at(0), 10)]
    columns.append(Column(f"{measure.name}（{measure.unit}）", lambda row: row[1].number, 16))
    if measure.is_rate:
        columns += [Column("分子", lambda row: row[1].part, 12), Column("分母", lambda row: row[1].whole, 12)]
    if measure.quantile:
        columns.append(Column("件数", lambda row: row[1].whole, 12))
    return columns


def _name_at(place: int) -> Callable[[Any], str]:
    return lambda row: str(row[0][place])
