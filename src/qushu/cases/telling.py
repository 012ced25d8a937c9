"""A case's history in sentences: what each move says, in the words of the people who read it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from qushu.kernel.free_text import FreeText
from qushu.kernel.lifecycle import Lifecycle
from qushu.people.models import Unit
from qushu.places.models import Area

from .left_out import measure_name
from .models import Case, Category, Channel, History, Review
from .rules import SATISFACTION, SHANGHAI

TONES = {
    "accept": "info", "register": "info", "dispatch": "teal", "redispatch": "teal", "acknowledge": "teal",
    "contact": "teal", "resolve": "good", "answer": "good", "follow_up": "good", "close": "good", "reopen": "warn", "unmerge": "warn",
    "ask_return": "violet", "ask_extension": "violet", "ask_shelving": "violet", "ask_exclusion": "violet",
    "shelve": "warn", "supervise": "late", "decline": "warn", "void": "warn",
}  # fmt: skip
REQUESTS = dict(Review.KINDS)
LEVELS = {"urge": "催办", "supervise": "督办", "escalate": "提级"}
FIELDS = {
    "category_id": "类别", "area_id": "区域", "kind": "类型", "urgency": "紧急程度", "title": "标题", "marks": "标记",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One entry of the timeline: `lines` are sentences, `quote` somebody's own words."""

    seq: int
    title: str
    at: datetime
    recorded_at: datetime
    who: str
    tone: str
    lines: Sequence[FreeText]
    quote: FreeText

    @property
    def late_entry(self) -> bool:
        """Whether it was written down more than five minutes after it happened."""
        return (self.recorded_at - self.at).total_seconds() > 300


@dataclass(frozen=True)
class Names:
    """Names of what histories hold by id."""

    units: Mapping[int, str]
    categories: Mapping[int, str]
    areas: Mapping[int, str]
    channels: Mapping[str, str]

    def unit(self, key: object) -> str:
        return self.units.get(key, "") if isinstance(key, int) else str(key or "")


def tell(history: Iterable[History], cycle: Lifecycle) -> list[Told]:
    """The history as entries, newest first. Three reads for all names."""
    rows = list(history)
    names = _names(rows)
    again = _contacts_again(rows)
    return [_told(row, cycle, names, again) for row in sorted(rows, key=lambda row: -row.seq)]


def _contacts_again(rows: Iterable[History]) -> set[int]:
    """The numbers of contacts that weren't the unit's first since it was given the case."""
    again, contacted = set(), False
    for row in sorted(rows, key=lambda row: row.seq):
        if row.move in ("dispatch", "redispatch", "reopen"):
            contacted = False
        elif row.move == "contact":
            if contacted:
                again.add(row.seq)
            contacted = True
    return again


def _told(row: History, cycle: Lifecycle, names: Names, again: Collection[int]) -> Told:
    move = cycle.moves.get(row.move)
    record = row.record if isinstance(row.record, dict) else {}
    lines = LINES[row.move](record, names) if row.move in LINES else []
    who = row.actor_name + (f" · {names.unit(row.unit_id)}" if row.unit_id else "")
    return Told(
        row.seq,
        "再次联系" if row.seq in again else move.name if move else row.move,
        row.at,
        row.recorded_at,
        who,
        TONES.get(row.move, ""),
        [FreeText(line) for line in lines if line],
        FreeText(record.get("words") or record.get("answer") or record.get("plan") or record.get("remark") or ""),
    )


def _accept(said: Mapping[str, Any], names: Names) -> list[str]:
    ref = f"，来源编号 {said['source_ref']}" if said.get("source_ref") else ""
    return [f"由{names.channels.get(said.get('channel', ''), said.get('channel') or '其他渠道')}受理{ref}。"]


def _register(said: Mapping[str, Any], names: Names) -> list[str]:
    kind = dict(Case.Kind.choices).get(said.get("kind", ""), "")
    urgency = dict(Case.Urgency.choices).get(said.get("urgency", ""), "")
    parts = [names.categories.get(said.get("category"), ""), names.areas.get(said.get("area"), ""), kind, urgency]  # type: ignore[arg-type]
    return ["立案为 " + "，".join(part for part in parts if part) + "。"]


def _dispatch(said: Mapping[str, Any], names: Names) -> list[str]:
    assisting = "、".join(names.unit(key) for key in said.get("assisting") or ())
    suggestion = said.get("suggestion") or {}
    taken = ""
    if isinstance(suggestion, dict) and suggestion.get("unit"):
        taken = "采纳了系统建议。" if suggestion.get("taken") else f"系统曾建议 {names.unit(suggestion['unit'])}。"
    return [
        f"派给 {names.unit(said.get('lead_unit'))} 主办{f'，{assisting} 协办' if assisting else ''}。{taken}",
        f"交办意见：{said['instruction']}" if said.get("instruction") else "",
        f"改派原因：{said['reason']}" if said.get("reason") else "",
    ]


def _correct(said: Mapping[str, Any], names: Names) -> list[str]:
    def shown(name: str, value: Any) -> str:
        if name == "category_id":
            return names.categories.get(value, "空")
        if name == "area_id":
            return names.areas.get(value, "空")
        known = dict(Case.Kind.choices) | dict(Case.Urgency.choices)
        return "、".join(map(str, value)) or "无" if isinstance(value, list) else str(known.get(value, value or "空"))

    changes = said.get("changes") or {}
    return [
        f"{FIELDS.get(name, name)}：{shown(name, pair[0])} → {shown(name, pair[1])}"
        for name, pair in changes.items()
        if pair[0] != pair[1]
    ]


def _follow_up(said: Mapping[str, Any], names: Names) -> list[str]:
    if not said.get("reached"):
        return ["多次未联系上，不计入满意度。"]
    grade = SATISFACTION.get(said.get("satisfaction") or 0, "未评价")
    return [f"市民表示{'已解决' if said.get('solved') else '未解决'}，{grade}。"]


def _asked(said: Mapping[str, Any], names: Names) -> list[str]:
    return [
        f"理由：{said.get('reason', '')}。" if said.get("reason") else "",
        f"不计入{measure_name(said['measure'])}。" if "measure" in said else "",
        f"建议改派 {names.unit(said['suggested_unit'])}。" if said.get("suggested_unit") else "",
        f"申请延至 {_moment(said['new_due_at'])}。" if said.get("new_due_at") else "",
        f"复核日期 {_moment(said['review_on'])}。" if said.get("review_on") else "",
    ]


def _declined(said: Mapping[str, Any], names: Names) -> list[str]:
    return [
        f"理由：{said.get('reason', '')}。" + (f"依据：{said['basis']}。" if said.get("basis") else ""),
        f"告知途径：{said['way']}" if said.get("way") else "",
        *_orders(said),
    ]


def _orders(said: Mapping[str, Any]) -> list[str]:
    """The supervision orders that ended with the case."""
    return [f"督办单 {'、'.join(said['orders'])} 随之销号。"] if said.get("orders") else []


LINES: dict[str, Callable[[Mapping[str, Any], Names], list[str]]] = {
    "accept": _accept,
    "register": _register,
    "dispatch": _dispatch,
    "redispatch": _dispatch,
    "correct": _correct,
    "contact": lambda said, names: [f"通过{said.get('how') or '电话'}联系了市民。"],
    "resolve": lambda said, names: [f"结果：{dict(Case.Result.choices).get(said.get('result', ''), '')}。答复："],
    "take_answer": lambda said, names: [f"主件 {said.get('parent', '')} 已答复。"],
    "follow_up": _follow_up,
    "try_call": lambda said, names: [f"第 {said.get('attempt', 1)} 次未接通。"],
    "close": lambda said, names: [f"依据：{said.get('ground', '')}。"],
    "reopen": lambda said, names: [f"第 {said.get('times', 1)} 次重办。理由：{said.get('reason', '')}。"],
    "ask_return": _asked,
    "ask_extension": _asked,
    "ask_shelving": _asked,
    "ask_exclusion": _asked,
    "decline": _declined,
    "void": lambda said, names: [f"理由：{said.get('reason', '')}。", *_orders(said)],
    "merge": lambda said, names: [f"并入 {said.get('parent', '')}。", *_orders(said)],
    "attach": lambda said, names: [f"“{said.get('name', '')}”。"],
    "merge_along": lambda said, names: [f"主件并入他件，随之转入 {said.get('parent', '')}。"],
    "unmerge": lambda said, names: [f"从 {said.get('parent', '')} 拆出，自己办理。"],
    "take_decline": lambda said, names: [f"主件 {said.get('parent', '')} 不予受理。", *_declined(said, names)],
    "withdraw": lambda said, names: [f"撤回{REQUESTS.get(said.get('request', ''), '')}申请。"],
    "split": lambda said, names: [f"拆出 {'、'.join(map(str, said.get('parts') or ()))}。"],
    "resume": lambda said, names: [f"原因：{said.get('ground', '')}。"],
    "supervise": lambda said, names: [f"{LEVELS.get(said.get('level', ''), '督办')}，{said.get('order', '')}。"],
    "answer_supervision": lambda said, names: [f"回复 {said.get('order', '')}："],
    "close_supervision": lambda said, names: [f"{said.get('order', '')} 销号。"],
    "decide_exclusion": lambda said, names: ["同意剔除。" if said.get("approved") else "不同意剔除。"],
}


def _moment(text: object) -> str:
    moment = parse_datetime(str(text))
    if moment is not None and moment.tzinfo is not None:
        return f"{timezone.localtime(moment, SHANGHAI):%Y-%m-%d %H:%M}"
    return str(parse_date(str(text)) or text)


def _names(rows: Sequence[History]) -> Names:
    units, categories, areas = set(), set(), set()
    for row in rows:
        said = row.record if isinstance(row.record, dict) else {}
        units |= {row.unit_id, said.get("lead_unit"), said.get("suggested_unit"), *(said.get("assisting") or ())}
        suggestion = said.get("suggestion")
        units.add(suggestion.get("unit") if isinstance(suggestion, dict) else None)
        changes = said.get("changes") or {}
        categories |= {said.get("category"), *changes.get("category_id", ())}
        areas |= {said.get("area"), *changes.get("area_id", ())}
    return Names(
        dict(Unit.objects.filter(pk__in=_ids(units)).values_list("pk", "name")),
        dict(Category.objects.filter(pk__in=_ids(categories)).values_list("pk", "full_name")),
        dict(Area.objects.filter(pk__in=_ids(areas)).values_list("pk", "name")),
        dict(Channel.objects.values_list("code", "name")),
    )


def _ids(found: Iterable[object]) -> list[int]:
    return [key for key in found if isinstance(key, int)]
