"""What people do with matters: one transaction each, on the version they had seen, in the matter's history and the audit trail."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from qushu.cases.models import Case
from qushu.cases.queries import case_by_number, visible_cases
from qushu.kernel.errors import Missing, Refused, Stale
from qushu.kernel.text import tidy, tidy_line
from qushu.people import audit
from qushu.people.access import Actor, may, require
from qushu.people.actions import notify

from . import reading
from .faces import put_on, take_off
from .keeping import refresh
from .models import Charge, Matter, MatterEvent, Membership, Watch

LONGEST_TITLE = 120
SPEAKING = (Matter.State.open, Matter.State.watched, Matter.State.dispersed)


@dataclass(frozen=True)
class By:
    """Who acts, when, and which version of the matter they had before them."""

    actor: Actor
    now: datetime
    seen: int


def retitle(by: By, matter_id: int, title: str) -> Matter:
    """Give it another title, which then stays. Raises Forbidden, Missing, Stale, Refused without words."""
    title = tidy_line(title)[:LONGEST_TITLE]
    if not title:
        raise Refused("请填写事项名称。没有保存。", field="title")
    with _changing(by, matter_id, "titled") as (matter, told):
        told.update(words=f"{matter.title} → {title}", audited=title)
        matter.title, matter.titled_by_id = title, by.actor.account_id
    return matter


def add_case(by: By, matter_id: int, number: str) -> Matter:
    """Put a case in, also one that was taken out before. Raises Missing for a case that the person may not see."""
    case = case_by_number(by.actor, number.strip().upper())
    if case is None:
        raise Refused("没有这个诉求件，或不在您的可见范围。请核对受理编号；没有保存。", field="number")
    with _changing(by, matter_id, "added", members=True) as (matter, told):
        there = Membership.objects.filter(case=case, removed_at__isnull=True).select_related("matter").first()
        if there is not None:
            where = "本事项" if there.matter_id == matter.pk else f"事项 {there.matter.number} "
            raise Refused(f"{case.number} 已在{where}中。没有改变；如需调整，请先从那里移出。", field="number")
        _put_in(matter, [case], "由人工加入", by)
        told.update(words=case.number, cases=[case.number])
    return matter


def remove_cases(by: By, matter_id: int, case_ids: Sequence[int]) -> Matter:
    """Take cases out; the machine never puts them back into this matter."""
    with _changing(by, matter_id, "removed", members=True) as (matter, told):
        rows = _chosen(by, matter, case_ids)
        _take_out(rows, by)
        told.update(words=_numbers(rows), cases=[row.case.number for row in rows])
    return matter


def split(by: By, matter_id: int, case_ids: Sequence[int], title: str) -> Matter:
    """Make a matter of its own of these members: it is returned. Raises Refused when nothing would stay behind."""
    title = tidy_line(title)[:LONGEST_TITLE]
    with _changing(by, matter_id, "split", members=True) as (matter, told):
        rows = _chosen(by, matter, case_ids)
        if len(rows) >= matter.members.filter(removed_at__isnull=True).count():
            raise Refused("不能把全部工单拆走：原事项至少要留一件。没有改变。")
        fresh = Matter.objects.create(
            title=title or "拆分的事项",
            titled_by_id=by.actor.account_id if title else None,
            first_at=min(row.accepted_at for row in rows),
            last_at=max(row.accepted_at for row in rows),
            created_at=by.now,
        )
        _take_out(rows, by)
        _put_in(fresh, [row.case for row in rows], f"由人工从 {matter.number} 拆出", by)
        _tell(fresh, "split", f"由 {matter.number} 拆出 {len(rows)} 件", by)
        told.update(
            words=f"{len(rows)} 件拆为 {fresh.number}：{_numbers(rows)}", cases=[row.case.number for row in rows]
        )
    _count([fresh.pk], by.now)
    fresh.refresh_from_db()
    return fresh


def merge(by: By, matter_id: int, other_id: int) -> Matter:
    """Bring all of another matter into this one; the other is closed. What was taken out of either stays out."""
    if other_id == matter_id:
        raise Refused("不能与自己合并。没有改变。", field="other")
    with transaction.atomic():
        locked = {
            row.pk: row
            for row in Matter.objects.select_for_update().filter(pk__in=(matter_id, other_id)).order_by("pk")
        }
        other = locked.get(other_id)
        if other is None or other.state not in SPEAKING:
            raise Refused("没有这个事项，或已并入别的事项。没有改变；请核对编号。", field="other")
        _may_change(by.actor, other)
        with _changing(by, matter_id, "merged", members=True) as (matter, told):
            _move_members(other, matter, by)
            _tell(other, "merged", f"并入 {matter.number}", by)
            Matter.objects.filter(pk=other.pk).update(
                state=Matter.State.closed, into=matter, people=0, cases=0, recent=0, growth=0, version=other.version + 1
            )
            told.update(
                words=f"并入 {other.number} {other.title}",
                audited=f"并入 {other.number}",
                into=[other.number, matter.number],
            )
    return matter


def set_state(by: By, matter_id: int, state: str, words: str = "") -> Matter:
    """重点监测, 平息, 恢复. Raises Refused when it is so already or when a dispersal has no reason."""
    what = {"watched": "watched", "dispersed": "dispersed", "open": "reopened"}.get(state)
    if what is None:
        raise Refused("没有这种状态。没有改变。")
    if what == "dispersed" and not words.strip():
        raise Refused("平息须写明依据。没有保存。", field="words")
    with _changing(by, matter_id, what) as (matter, told):
        if matter.state == state:
            raise Refused(f"这个事项已经是“{matter.get_state_display()}”。什么也没有改变。")
        matter.state = Matter.State(state)
        told["words"] = tidy(words)[:500]
    return matter


def note(by: By, matter_id: int, words: str) -> Matter:
    """A note in its history; notes don't conflict, so the version seen doesn't matter."""
    words = tidy(words)[:500]
    if not words:
        raise Refused("请写明内容。没有保存。", field="words")
    with _changing(by, matter_id, "noted", any_version=True) as (matter, told):
        told["words"] = words
    return matter


def assign(by: By, matter_id: int, words: str, *, unit_id: int | None, account_id: int | None) -> Matter:
    """Charge a unit or a person with the matter; they are told. Raises Refused unless exactly one is named."""
    words = tidy(words)[:300]
    if (unit_id is None) == (account_id is None):
        raise Refused("请选择一个单位或一个人，只选一个。没有保存。", field="unit")
    if not words:
        raise Refused("请写明要求。没有保存。", field="words")
    with _changing(by, matter_id, "assigned") as (matter, told):
        charge = Charge.objects.create(
            matter=matter,
            unit_id=unit_id,
            account_id=account_id,
            words=words,
            given_at=by.now,
            given_by_id=by.actor.account_id,
        )
        said = f"交办事项 {matter.number}：{words}"  # not its title: a unit may not read the cases it is drawn from
        notify(said, reverse("matter", args=[matter.pk]), now=by.now, unit_id=unit_id, account_id=account_id)
        told["words"] = f"{charge.unit or charge.account}：{words}"
    return matter


def finish_charge(actor: Actor, charge_id: int, answer: str, now: datetime) -> Matter:
    """Say that a charge is done: whoever was charged, or who may change matters. Raises Refused when it is done already."""
    answer = tidy(answer)[:300]
    if not answer:
        raise Refused("请写明结果。没有保存。", field="answer")
    with transaction.atomic():
        charge = Charge.objects.select_for_update().select_related("matter").filter(pk=charge_id).first()
        if charge is None:
            raise Missing("没有这项交办。")
        if charge.account_id != actor.account_id and charge.unit_id not in actor.unit_ids:
            require(actor, "matters.write", area_ids=charge.matter.streets)
        if charge.done_at is not None:
            raise Refused("这项交办已经办完。什么也没有改变。")
        charge.done_at, charge.done_by_id, charge.answer = now, actor.account_id, answer
        charge.save(update_fields=["done_at", "done_by", "answer"])
        by = By(actor, now, charge.matter.version)
        _tell(charge.matter, "done", answer, by)
        audit.record(actor, "matter.done", f"matter:{charge.matter_id}", answer, now=now)
        return charge.matter


def follow(actor: Actor, matter: Matter, wanted: bool, now: datetime) -> None:
    """Follow a matter, or no longer. One's own business: not in its history."""
    if actor.account_id is None:
        raise Refused("登录后才能关注。")
    if wanted:
        Watch.objects.get_or_create(matter=matter, account_id=actor.account_id, defaults={"since": now})
    else:
        Watch.objects.filter(matter=matter, account_id=actor.account_id).delete()


@contextmanager
def _changing(
    by: By, matter_id: int, what: str, *, members: bool = False, any_version: bool = False
) -> Iterator[tuple[Matter, dict[str, Any]]]:
    """Lock, check, let change, then version, figures, history and audit: all or nothing.

    `audited` of what is told stands in the audit trail where `words` hold a title, which is a citizen's words: who reads the
    trail may not read those.
    """
    with transaction.atomic():
        matter = Matter.objects.select_for_update().filter(pk=matter_id).first()
        if matter is None:
            raise Missing("没有这个事项。")
        _may_change(by.actor, matter)
        if matter.state == Matter.State.closed:
            raise Refused("这个事项已并入别的事项，不能再改。什么也没有改变。")
        if by.seen != matter.version and not any_version:
            raise Stale("打开页面之后，有人改动了这个事项。什么也没有改变；请核对最新内容后再操作。")
        told: dict[str, Any] = {"words": ""}
        yield matter, told
        matter.version += 1
        matter.save(update_fields=["title", "titled_by", "state", "version"])
        words = told.pop("words")[:500]
        audited = told.pop("audited", words)[:300]
        _tell(matter, what, words, by)
        audit.record(by.actor, f"matter.{what}", f"matter:{matter.pk}", audited, told, now=by.now)
        if members:
            _count([matter.pk], by.now)
            matter.refresh_from_db()


def _may_change(actor: Actor, matter: Matter) -> None:
    require(actor, "matters.write", area_ids=matter.streets)


def _count(matter_ids: list[int], now: datetime) -> None:
    refresh(matter_ids, reading.weights() or reading.learn_weights(now), now)


def _chosen(by: By, matter: Matter, case_ids: Sequence[int]) -> list[Membership]:
    rows = matter.members.filter(removed_at__isnull=True, case__in=list(case_ids)).select_related("case")
    found = list(rows.filter(case__in=visible_cases(by.actor)).order_by("pk"))
    if not found:
        raise Refused("请先勾选工单。没有改变。")
    return found


def _take_out(rows: Sequence[Membership], by: By) -> None:
    ids = [row.pk for row in rows]
    Membership.objects.filter(pk__in=ids).update(removed_at=by.now, removed_by=by.actor.account_id)
    put_on([row.case_id for row in rows])


def _put_in(matter: Matter, cases: Sequence[Case], reason: str, by: By) -> None:
    for case in cases:
        Membership.objects.update_or_create(
            matter=matter,
            case=case,
            defaults={
                "accepted_at": case.accepted_at,
                "reason": reason,
                "added_at": by.now,
                "added_by_id": by.actor.account_id,
                "removed_at": None,
                "removed_by": None,
                "score": None,
            },
        )
    take_off([case.pk for case in cases])


def _move_members(other: Matter, matter: Matter, by: By) -> None:
    """The other's present members come along, but for those that a person took out of this one; its removals bind too."""
    out = set(matter.members.filter(removed_at__isnull=False).values_list("case_id", flat=True))
    staying = other.members.filter(removed_at__isnull=True, case__in=out)
    freed = list(staying.values_list("case_id", flat=True))
    staying.update(removed_at=by.now, removed_by=by.actor.account_id)
    put_on(freed)
    here = set(matter.members.values_list("case_id", flat=True))
    other.members.exclude(case__in=here).update(matter=matter)


def _tell(matter: Matter, what: str, words: str, by: By) -> None:
    MatterEvent.objects.create(matter=matter, at=by.now, what=what, by_id=by.actor.account_id, words=words[:500])


def _numbers(rows: Sequence[Membership]) -> str:
    return "、".join(row.case.number for row in rows[:20]) + ("等" if len(rows) > 20 else "")


def may_change(actor: Actor, matter: Matter) -> bool:
    """Whether this person may change the matter; decides what the page offers."""
    return matter.state != Matter.State.closed and may(actor, "matters.write", area_ids=matter.streets)
