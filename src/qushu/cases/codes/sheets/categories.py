"""类别 as a table."""

from collections.abc import Iterator
from datetime import datetime

from qushu.kernel.errors import Refused
from qushu.people.access import Actor
from qushu.people.sheets.cells import row_of, yes, yes_or_no
from qushu.people.sheets.imports import Done, Row, Sheet

from ...models import Category
from ..actions.categories import CategoryFacts, add_category, change_category, move_category

COLUMNS = ("代码", "名称", "上级代码", "常用词", "启用", "并入")


def category_rows() -> Iterator[Row]:
    """Every category, those above before those below."""
    for one in Category.objects.select_related("parent", "merged_into").order_by("level", "code"):
        above, into = (other.code if other else "" for other in (one.parent, one.merged_into))
        yield row_of(COLUMNS, one.code, one.name, above, one.keywords, yes(one.active), into)


def apply_category(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Add, rename, move, switch off or on; merging is done by hand, one at a time."""
    code = row["代码"].strip()
    one = Category.objects.select_related("parent").filter(code=code).first()
    parent = _parent(row.get("上级代码", ""), one if "上级代码" not in row else None)
    keywords = row.get("常用词", one.keywords if one else "").strip()
    facts = CategoryFacts(row["名称"].strip(), keywords, yes_or_no(row.get("启用", ""), one.active if one else True))
    if one is None:
        made = add_category(actor, parent, code, facts, now)
        return Done("new", code, [made.full_name])
    words = []
    if parent != one.parent:
        if parent is None:
            raise Refused("不能改为第一级。", code="import_parent")
        words.append(f"上级：{one.parent or '无'} → {parent}")
        move_category(actor, one.pk, parent.pk, now, "批量导入")
    before = CategoryFacts(one.name, one.keywords, one.active)
    if facts != before:
        change_category(actor, one.pk, facts, now)
        words += _differences(before, facts)
    return Done("change" if words else "same", code, words)


def _differences(before: CategoryFacts, after: CategoryFacts) -> list[str]:
    words = []
    if before.name != after.name:
        words.append(f"名称：{before.name} → {after.name}")
    if before.keywords != after.keywords:
        words.append(f"常用词：{before.keywords or '空'} → {after.keywords or '空'}")
    if before.active != after.active:
        words.append(f"启用：{yes(before.active)} → {yes(after.active)}")
    return words


def _parent(code: str, kept: Category | None) -> Category | None:
    if kept is not None:
        return kept.parent
    if not code.strip():
        return None
    found = Category.objects.filter(code=code.strip()).first()
    if found is None:
        raise Refused(f"没有代码为“{code}”的上级；上级须已存在，或写在前面的行里。", code="import_parent")
    return found


CATEGORIES = Sheet(
    kind="categories",
    title="类别",
    action="codes.write",
    columns=COLUMNS,
    required=("代码", "名称"),
    help=(
        "常用词用空格隔开。上级须已存在，或写在前面的行里；上级代码空着是第一级。",
        "“并入”只供查看；合并请在页面上逐个办理。不在文件里的类别不会改动。",
    ),
    rows=category_rows,
    apply_row=apply_category,
    page="categories",
)
