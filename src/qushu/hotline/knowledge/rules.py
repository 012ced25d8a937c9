"""What a knowledge entry is today: in force, about to end, to be looked at again. Plain functions of dates."""

from dataclasses import dataclass, fields
from datetime import date, timedelta

SOON = timedelta(days=30)
"""An entry that ends, or is to be looked at again, within this time is marked."""

REVIEW_AFTER = timedelta(days=365)
"""When a new entry is looked at again, unless its writer says otherwise."""


@dataclass(frozen=True)
class Facts:
    """What somebody writes. `valid_to` is the first day without it; `unit_id` None belongs to the centre."""

    title: str
    answer: str
    keywords: str = ""
    category_id: int | None = None
    unit_id: int | None = None
    basis: str = ""
    valid_from: date = date.min
    valid_to: date | None = None
    review_on: date | None = None
    public: bool = True


FIELDS = tuple(field.name for field in fields(Facts))

WORDS = {
    "title": "标题",
    "answer": "答复口径",
    "keywords": "关键词",
    "category_id": "类别",
    "unit_id": "提供单位",
    "basis": "政策依据",
    "valid_from": "生效日期",
    "valid_to": "失效日期",
    "review_on": "复核日期",
    "public": "市民可见",
}


@dataclass(frozen=True)
class Mark:
    """A badge: words and tone."""

    words: str
    tone: str


def marks_of(facts: Facts, replaced: bool, today: date) -> list[Mark]:
    """What is to be known of an entry before it is used; nothing for one that is simply in force."""
    if replaced:
        return [Mark("旧版本", "neutral")]
    if facts.valid_to is not None and facts.valid_to <= today:
        return [Mark("已失效", "late")]
    marks = []
    if facts.valid_from > today:
        marks.append(Mark(f"{facts.valid_from} 起生效", "info"))
    if facts.valid_to is not None and facts.valid_to <= today + SOON:
        marks.append(Mark(f"{facts.valid_to} 失效", "warn"))
    if facts.review_on is not None and facts.review_on <= today:
        marks.append(Mark("待复核", "warn"))
    if not facts.public:
        marks.append(Mark("内部", "neutral"))
    return marks


def changed_fields(before: Facts, after: Facts) -> list[str]:
    """Names of the fields that differ."""
    return [name for name in FIELDS if getattr(before, name) != getattr(after, name)]
