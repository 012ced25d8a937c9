"""紧急词 and 派单目录 as tables."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from qushu.cases.models import Category
from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor
from qushu.people.models import Unit
from qushu.people.sheets.cells import code_of, day_of, number_of, row_of, yes, yes_or_no
from qushu.people.sheets.imports import Done, Row, Sheet
from qushu.places.models import Area

from ..models import CatalogueEntry, UrgentWord
from .actions import (
    MARKS,
    EntryFacts,
    WordFacts,
    add_entry,
    add_word,
    change_entry,
    change_word,
    facts_of,
    shown,
)

WORD_COLUMNS = ("词", "标记", "应急电话", "启用")
ENTRY_COLUMNS = (
    "目录",
    "类别代码",
    "类别",
    "区域代码",
    "主办单位代码",
    "派属地街道",
    "协办单位代码",
    "依据",
    "生效",
    "失效",
)


def word_rows() -> Iterator[Row]:
    """Every word."""
    for one in UrgentWord.objects.order_by("mark", "word"):
        yield row_of(WORD_COLUMNS, one.word, one.get_mark_display(), one.emergency_number, yes(one.active))


def apply_word(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Add or change the word of a row."""
    word = row["词"].strip()
    one = UrgentWord.objects.filter(word=word).first()
    number = row.get("应急电话", one.emergency_number if one else "").strip()
    mark = code_of(list(MARKS.items()), row["标记"], "标记")
    facts = WordFacts(word, mark, number, yes_or_no(row.get("启用", ""), one.active if one else True))
    if one is None:
        add_word(actor, facts, now)
        return Done("new", word, [MARKS[mark], number])
    before = WordFacts(one.word, one.mark, one.emergency_number, one.active)
    if before == facts:
        return Done("same", word)
    change_word(actor, one.pk, facts, now)
    return Done("change", word, audit.change_words(audit.changes(vars(before), vars(facts))))


def entry_rows() -> Iterator[Row]:
    """Every line that is in force today or later."""
    rows = CatalogueEntry.objects.select_related("category", "area", "lead_unit").prefetch_related("assisting")
    for one in rows.exclude(effective_to__lte=timezone.localdate()).order_by("category__code", "pk"):
        yield row_of(
            ENTRY_COLUMNS,
            str(one.pk),
            one.category.code,
            one.category.full_name,
            one.area.code if one.area else "",
            one.lead_unit.code if one.lead_unit else "",
            yes(one.to_street_office),
            " ".join(sorted(unit.code for unit in one.assisting.all())),
            one.legal_basis,
            one.effective_from.isoformat(),
            one.effective_to.isoformat() if one.effective_to else "",
        )


def apply_entry(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Add a line (no number) or let the numbered one say something else from its day on, today at the earliest."""
    number, today = number_of(row.get("目录", ""), "目录"), timezone.localdate(now)
    facts = _facts(row)
    since, until = day_of(row.get("生效", ""), "生效") or today, day_of(row.get("失效", ""), "失效")
    if number is None:
        made = add_entry(actor, facts, since, until, now)
        return Done("new", facts.category.code, [str(value) for value in shown(made).values() if value])
    old = CatalogueEntry.objects.select_related("category", "area", "lead_unit").filter(pk=number).first()
    if old is None:
        raise Refused(f"没有目录 {number}；新的一条这一格请空着。", code="import_entry")
    if facts == facts_of(old) and (since, until) == (old.effective_from, old.effective_to):
        return Done("same", str(number))
    before = shown(old)
    new = change_entry(actor, number, facts, max(since, today) if since != old.effective_from else since, until, now)
    return Done("change", str(number), audit.change_words(audit.changes(before, shown(new))))


def _facts(row: Row) -> EntryFacts:
    category = Category.objects.filter(code=row["类别代码"].strip()).first()
    if category is None:
        raise Refused(f"没有代码为“{row['类别代码']}”的类别。", code="import_category")
    assisting = [_unit(code) for code in row.get("协办单位代码", "").replace("、", " ").split()]
    lead = row.get("主办单位代码", "").strip()
    return EntryFacts(
        category,
        _area(row.get("区域代码", "").strip()),
        _unit(lead) if lead else None,
        yes_or_no(row.get("派属地街道", ""), False),
        tuple(sorted(assisting, key=lambda unit: unit.code)),
        row.get("依据", "").strip(),
    )


def _unit(code: str) -> Unit:
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise Refused(f"没有代码为“{code}”的单位。", code="import_unit")
    return found


def _area(code: str) -> Area | None:
    found = Area.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Refused(f"没有代码为“{code}”的区域。", code="import_area")
    return found


URGENT_WORDS = Sheet(
    kind="urgent-words",
    title="紧急词",
    action="codes.write",
    columns=WORD_COLUMNS,
    required=("词", "标记"),
    help=(f"标记写：{'、'.join(MARKS.values())}。不在文件里的词不会改动。",),
    rows=word_rows,
    apply_row=apply_word,
    page="urgent-words",
)
CATALOGUE = Sheet(
    kind="catalogue",
    title="派单目录",
    action="codes.write",
    columns=ENTRY_COLUMNS,
    required=("类别代码",),
    help=(
        "“目录”空着是新增。主办单位代码和派属地街道二者选一；协办单位代码用空格隔开。",
        "内容有改动的，旧的一条到生效日期为止，新的一条接着；“类别”一列只供查看。不在文件里的不会改动。",
    ),
    rows=entry_rows,
    apply_row=apply_entry,
    page="catalogue",
    key_columns=("目录", "类别代码", "区域代码", "生效"),
)
