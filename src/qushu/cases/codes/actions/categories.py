"""类别: the tree of three levels. Cases keep the category they were given; what matches by the tree follows the tree."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy, tidy_line
from qushu.people import audit
from qushu.people.access import Actor, require

from ...models import Category
from .. import uses
from ..rules import code_fault

WRITE = "codes.write"
LEVELS = 3
BETWEEN = " / "


@dataclass(frozen=True)
class CategoryFacts:
    """What an administrator says about a category. `keywords`: words callers use, with blanks between them."""

    name: str
    keywords: str = ""
    active: bool = True


def add_category(actor: Actor, parent: Category | None, code: str, facts: CategoryFacts, now: datetime) -> Category:
    """A new category below `parent` (None: of the first level). Raises Refused when code or name are taken."""
    require(actor, WRITE)
    with transaction.atomic():
        _all_locked()
        fault = code_fault(code, 30) or _name_fault(facts, parent, None) or _parent_fault(parent)
        if not fault and Category.objects.filter(code=code).exists():
            fault = f"代码 {code} 已经使用"
        _refuse(fault)
        category = Category.objects.create(
            code=code, parent=parent, level=parent.level + 1 if parent else 1, full_name="", **_columns(facts)
        )
        _name_below(category)
        said = audit.changes({}, {"full_name": category.full_name, "keywords": category.keywords})
        audit.record(actor, "category.added", subject_of(category), data=said, now=now)
    return category


def change_category(actor: Actor, category_id: int, facts: CategoryFacts, now: datetime) -> Category:
    """Rename, change the common words, switch off or on.

    Raises InUse when it is switched off while rules or other rooms name it; Refused while categories below are active.
    """
    require(actor, WRITE)
    with transaction.atomic():
        category = _one(_all_locked(), category_id)
        fault = _name_fault(facts, category.parent, category)
        if category.active and not facts.active:
            fault = fault or _below_fault(category)
        if not category.active and facts.active and category.merged_into_id:
            fault = f"已并入“{category.merged_into}”，不能再启用"
        if facts.active and category.parent is not None and not category.parent.active:
            fault = fault or "上级已停用，请先启用上级"
        _refuse(fault)
        if category.active and not facts.active:
            _refuse_if_used(category, now)
        said = audit.changes({name: getattr(category, name) for name in _columns(facts)}, _columns(facts))
        if said:
            Category.objects.filter(pk=category.pk).update(**_columns(facts))
            category.refresh_from_db()
            if "name" in said:
                _name_below(category)
            action = "category.renamed" if set(said) == {"name"} else "category.changed"
            audit.record(actor, action, subject_of(category), data=said, now=now)
    return category


def move_category(actor: Actor, category_id: int, parent_id: int, now: datetime, reason: str = "") -> Category:
    """Put a category and all below it under another parent of the same level.

    Rules that name a category match all below it, so other rules may win from now on; clocks that run keep their time.
    """
    require(actor, WRITE)
    with transaction.atomic():
        rows = _all_locked()
        category, parent = _one(rows, category_id), _one(rows, parent_id)
        facts = CategoryFacts(category.name, category.keywords, category.active)
        fault = (
            ""
            if parent.level == category.level - 1
            else f"第 {category.level} 级类别的上级须是第 {category.level - 1} 级"
        )
        if parent.pk == category.parent_id:
            fault = "它已经在这个上级之下"
        _refuse(fault or _parent_fault(parent) or _name_fault(facts, parent, category))
        before = category.full_name
        category.parent = parent
        category.save(update_fields=["parent"])
        _name_below(category)
        said = audit.changes({"full_name": before}, {"full_name": category.full_name})
        audit.record(actor, "category.moved", subject_of(category), reason, said, now=now)
    return category


def merge_category(actor: Actor, category_id: int, into_id: int, now: datetime, reason: str = "") -> list[str]:
    """Merge a category into another of its level: what was done, in words.

    Cases keep the category they have. The merged one is switched off and points to the other, which takes over its
    common words and the categories below it; other rooms carry over what is theirs. Raises InUse while a deadline rule
    names it: whether its time is to hold for the other one, a person decides.
    """
    require(actor, WRITE)
    with transaction.atomic():
        rows = _all_locked()
        category, into = _one(rows, category_id), _one(rows, into_id)
        _refuse(_merge_fault(category, into))
        found = uses.rule_uses(category.clockrule_set.all(), now)
        if found:
            raise uses.InUse("有时限规则写明了这个类别，请先改为新的类别或停用。没有改动。", found)
        done = [_take_over(category, into)]
        done += [tell(actor, category, into, now) for tell in uses.category_merged]
        said = {"merged_into": into.full_name, "done": "；".join(filter(None, done))}
        audit.record(actor, "category.merged", subject_of(category), reason, said, now=now)
    return [words for words in done if words]


def subject_of(category: Category) -> str:
    """How the audit trail names a category."""
    return f"category:{category.code}"


def _take_over(category: Category, into: Category) -> str:
    known = into.keywords.split()
    fresh = [word for word in [*category.keywords.split(), category.name] if word not in (*known, into.name)]
    into.keywords = " ".join([*known, *dict.fromkeys(fresh)])
    into.save(update_fields=["keywords"])
    children = list(category.children.filter(active=True))
    for child in children:
        child.parent = into
        child.save(update_fields=["parent"])
    _name_below(into)
    category.active, category.merged_into = False, into
    category.save(update_fields=["active", "merged_into"])
    # What was merged into it before now points to the one that is used.
    Category.objects.filter(merged_into=category).update(merged_into=into)
    return f"下级 {len(children)} 个改挂" if children else ""


def _merge_fault(category: Category, into: Category) -> str:
    if category.pk == into.pk:
        return "不能并入自己"
    if category.level != into.level:
        return "只能并入同一级的类别"
    if not category.active or not into.active:
        return "已停用的类别不能合并"
    mine = set(category.children.filter(active=True).values_list("name", flat=True))
    both = mine & set(into.children.filter(active=True).values_list("name", flat=True))
    return f"两边都有下级“{'”“'.join(sorted(both))}”，请先合并它们" if both else ""


def _columns(facts: CategoryFacts) -> dict[str, object]:
    keywords = " ".join(dict.fromkeys(tidy(facts.keywords).replace("、", " ").replace("，", " ").split()))
    return {"name": tidy_line(facts.name), "keywords": keywords, "active": facts.active}


def _all_locked() -> list[Category]:
    """The whole tree, kept from other administrators until the transaction ends; cases may still point to it."""
    rows = Category.objects.select_for_update(of=("self",), no_key=True).select_related("parent", "merged_into")
    return list(rows.order_by("id"))


def _one(rows: list[Category], category_id: int) -> Category:
    found = next((row for row in rows if row.pk == category_id), None)
    if found is None:
        raise Missing("没有这个类别。")
    return found


def _refuse(fault: str) -> None:
    if fault:
        raise Refused(f"{fault}。没有改动。", code="category")


def _refuse_if_used(category: Category, now: datetime) -> None:
    found = uses.uses_of_category(category, now)
    if found:
        raise uses.InUse(f"“{category.name}”还在使用，请先改下列各处。没有改动。", found)


def _name_fault(facts: CategoryFacts, parent: Category | None, own: Category | None) -> str:
    name = tidy_line(facts.name)
    if not name:
        return "请填写名称"
    if BETWEEN.strip() in name:
        return "名称里不能有“/”"
    same = Category.objects.filter(parent=parent, name=name, active=True).exclude(pk=own.pk if own else 0)
    return f"同一上级之下已有“{name}”" if facts.active and same.exists() else ""


def _parent_fault(parent: Category | None) -> str:
    if parent is None:
        return ""
    if parent.level >= LEVELS:
        return f"类别最多 {LEVELS} 级"
    return "" if parent.active else "上级已停用"


def _below_fault(category: Category) -> str:
    count = category.children.filter(active=True).count()
    return f"还有 {count} 个启用的下级，请先停用或改挂它们" if count else ""


def _name_below(category: Category) -> None:
    """Write the full names of a category and of all below it."""
    above = Category.objects.filter(pk=category.parent_id or 0).values_list("full_name", flat=True).first()
    category.full_name = f"{above}{BETWEEN}{category.name}" if above else category.name
    category.save(update_fields=["full_name"])
    for child in category.children.all():
        _name_below(child)
