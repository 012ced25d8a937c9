"""The table of an assessment as a file."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.kernel.tables import Column, write_csv, write_xlsx
from qushu.people import audit
from qushu.people.access import Actor

from .choice import Choice, Row, Table
from .measures import MEASURES, SUBJECTS, VOLUMES

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def export_table(
    actor: Actor, choice: Choice, table: Table, rows: Sequence[Row], form: str, file: BinaryIO, now: datetime
) -> str:
    """Write the rows as `form` (a key of TYPES), with period, scheme and state in the head; the file's name. Audited."""
    title = f"考核 {SUBJECTS[choice.subject]} {choice.first} 至 {choice.last}"
    columns = _columns(choice)
    lines = [*rows, *([table.total] if table.total else [])]
    if form == "csv":
        write_csv(lines, columns, file, head=head_of(choice, table, now))
    else:
        write_xlsx(lines, columns, file, f"{choice.first} 至 {choice.last}", head=head_of(choice, table, now))
    audit.record(
        actor,
        "assessment.exported",
        f"assessment:{choice.subject}",
        data={"filters": title, "format": form, "rows": len(lines)},
        now=now,
    )
    return f"{title}.{form}"


def head_of(choice: Choice, table: Table, now: datetime) -> list[str]:
    """What the file is: period, subject, scheme, and whether the figures are frozen."""
    scheme = (
        f"{choice.scheme}（{choice.scheme.effective_from} 起；{choice.scheme.source}）"
        if choice.scheme
        else "无，只列比率"
    )
    state = f"{_local(table.frozen.frozen_at)} 固定" if table.frozen else f"未固定，数据截至 {_local(now)}"
    return [
        f"时段：{choice.first} 至 {choice.last}",
        f"对象：{SUBJECTS[choice.subject]}",
        f"评分方案：{scheme}",
        f"状态：{state}",
    ]


def _columns(choice: Choice) -> list[Column]:
    columns = [
        Column("名次", lambda row: row.line.rank, 6),
        Column(SUBJECTS[choice.subject], lambda row: row.line.name, 26),
        Column("得分", lambda row: row.line.score, 10),
        Column("档次", lambda row: row.line.tier, 8),
    ]
    columns += [Column(MEASURES[code].volume, _volume(code), 10) for code in VOLUMES]
    judged = {rule.measure for rule in choice.formula.rules}
    for code, measure in MEASURES.items():
        columns += [
            Column(f"{measure.name}（%）", _figure(code, "rate"), 14),
            Column(f"{measure.name} 分子", _figure(code, "part"), 12),
            Column(f"{measure.name} 分母", _figure(code, "whole"), 12),
            Column(f"{measure.name} 剔除", _figure(code, "excluded"), 12),
        ]
        if code in judged:
            columns.append(Column(f"{measure.name} 得分", _points(code), 12))
    return columns


def _volume(code: str) -> Callable[[Row], Any]:
    return lambda row: row.volumes[code]


def _figure(code: str, name: str) -> Callable[[Row], Any]:
    return lambda row: getattr(row.line.counts[code], name)


def _points(code: str) -> Callable[[Row], Any]:
    return lambda row: row.line.points.get(code)


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment, SHANGHAI):%Y-%m-%d %H:%M}"
