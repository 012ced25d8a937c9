"""知识库 as a table: exported, edited in a spreadsheet, imported again. A changed row becomes a new version."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from qushu.cases.models import Category
from qushu.cases.rules import SHANGHAI
from qushu.kernel.errors import Refused
from qushu.kernel.text import tidy, tidy_line
from qushu.people.access import Actor
from qushu.people.models import Unit
from qushu.people.sheets.cells import day_of, yes, yes_or_no
from qushu.people.sheets.imports import Done, Row, Sheet

from ..models import Knowledge
from .actions import change_entry, write_entry
from .queries import facts_of
from .rules import REVIEW_AFTER, WORDS, Facts, changed_fields

COLUMNS = (
    "标题",
    "答复口径",
    "关键词",
    "类别代码",
    "提供单位代码",
    "政策依据",
    "生效日期",
    "失效日期",
    "复核日期",
    "市民可见",
)
REASON = "批量导入"


def rows_of(entries: Iterable[Knowledge]) -> Iterator[Row]:
    """Entries as rows; they come with category and unit."""
    for entry in entries:
        cells = (
            entry.title,
            entry.answer,
            entry.keywords,
            entry.category.code if entry.category else "",
            entry.unit.code if entry.unit else "",
            entry.basis,
            entry.valid_from.isoformat(),
            _text(entry.valid_to),
            _text(entry.review_on),
            yes(entry.public),
        )
        yield dict(zip(COLUMNS, cells, strict=True))


def newest_rows() -> Iterator[Row]:
    """The newest version of every entry."""
    newest = Knowledge.objects.filter(replaced_by__isnull=True).select_related("category", "unit")
    return rows_of(newest.order_by("title"))


def apply_entry(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Write the entry of a row, or a new version of the one with this title. A column that is missing changes nothing."""
    title = tidy_line(row["标题"])
    there = Knowledge.objects.filter(title=title, replaced_by__isnull=True).first()
    today = timezone.localdate(now, SHANGHAI)
    before = facts_of(there) if there else Facts(title, "", valid_from=today, review_on=today + REVIEW_AFTER)
    facts = _facts(row, before)
    if there is None:
        write_entry(actor, facts, now)
        return Done("new", title, [facts.answer[:60]])
    changed = [WORDS[name] for name in changed_fields(before, facts)]
    if changed:
        change_entry(actor, there.pk, facts, REASON, now)
    return Done("change" if changed else "same", title, [f"新版本：改动{'、'.join(changed)}"] if changed else [])


def _facts(row: Row, before: Facts) -> Facts:
    said: dict[str, object] = {"answer": tidy(row["答复口径"])}
    for name, column in (("keywords", "关键词"), ("basis", "政策依据")):
        if column in row:
            said[name] = tidy_line(row[column])
    for name, column in (("valid_from", "生效日期"), ("valid_to", "失效日期"), ("review_on", "复核日期")):
        if column in row and (row[column].strip() or name != "valid_from"):
            said[name] = day_of(row[column], column)
    if "类别代码" in row:
        said["category_id"] = _found(Category, row["类别代码"], "类别代码")
    if "提供单位代码" in row:
        said["unit_id"] = _found(Unit, row["提供单位代码"], "提供单位代码")
    if "市民可见" in row:
        said["public"] = yes_or_no(row["市民可见"], before.public)
    return replace(before, **said)  # type: ignore[arg-type]


def _found(model: type[Category] | type[Unit], code: str, column: str) -> int | None:
    code = code.strip()
    if not code:
        return None
    found = model._default_manager.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise Refused(f"{column}“{code}”不存在。", code="import_code")
    return int(found)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


KNOWLEDGE = Sheet(
    kind="knowledge",
    title="知识库",
    action="knowledge.import",
    columns=COLUMNS,
    required=("标题", "答复口径"),
    help=(
        "同一标题是同一条：内容不同就生成新版本，旧版本保留。不在文件里的条目不会改动；缺少的列不改。",
        "日期写成 2026-01-31 的样子；失效日期是不再使用的第一天，空着表示长期有效。市民可见写“是”或“否”。",
    ),
    rows=newest_rows,
    apply_row=apply_entry,
    page="knowledge",
)
