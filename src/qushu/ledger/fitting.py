"""Whether what was read of a document fits the tables: a number or a name that doesn't was misread, or is no budget's."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import models

from .models.documents import Part
from .reading import parts
from .reading.document import BadDocument

SMALLEST_INT = 32_767


def refuse_unfit(row: Part) -> None:
    """Raises BadDocument, which names line and column, when a value is too long, too large or too fine to be kept as it is."""
    for field in row._meta.concrete_fields:
        why = _unfit(field, getattr(row, field.attname))
        if why:
            raise BadDocument(
                f"第 {row.line} 行的{field.verbose_name}{why}，像是写错了，或者读错了行。什么也没有导入；请核对原文这一处，更正或另存为文字再导入。"
            )


def refuse_twins(read: parts.Document) -> None:
    """Raises BadDocument when a project's code stands twice: nobody could say whose a target is."""
    lines: dict[str, list[int]] = defaultdict(list)
    for project in read.projects:
        lines[project.code].append(project.line)
    for code, found in lines.items():
        if len(found) > 1:
            where = "、".join(map(str, found[:5]))
            raise BadDocument(
                f"项目编码 {code} 出现 {len(found)} 次（第 {where} 行），分不清是哪个项目。什么也没有导入；请更正编码再导入。"
            )


def _unfit(field: "models.Field[Any, Any]", value: Any) -> str:
    if isinstance(field, models.CharField) and field.max_length and len(value) > field.max_length:
        return f"有 {len(value)} 个字，超过 {field.max_length} 个"
    if isinstance(field, models.DecimalField) and isinstance(value, Decimal):
        if abs(value) >= Decimal(10) ** (field.max_digits - field.decimal_places):
            return f"是 {value:.3E}，太大"
        if value != round(value, field.decimal_places):
            return f"{value} 的小数超过 {field.decimal_places} 位"
    if isinstance(field, models.PositiveSmallIntegerField) and value > SMALLEST_INT:
        return f"是 {value}，太大"
    return ""
