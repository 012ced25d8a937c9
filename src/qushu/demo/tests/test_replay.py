"""Generated rows are what the case's own actions write: stories are lived again through them and compared row by row."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qushu.cases import actions
from qushu.cases.actions import Call, Intake
from qushu.cases.actions.dispatching import Suggestion
from qushu.cases.actions.supervising import climb_ladder
from qushu.cases.contact import open_contact
from qushu.cases.finding import teach_names
from qushu.cases.models import Case, History, Reason, Review
from qushu.demo.load import load_district
from qushu.people.access import CITIZEN, SYSTEM, Actor, actor_of
from qushu.people.models import Account

CASES = 6_000
WANTED = [
    "answer",
    "decline",
    "void",
    "merge",
    "take_answer",
    "ask_return",
    "approve_return",
    "refuse_return",
    "ask_extension",
    "approve_extension",
    "refuse_extension",
    "shelve",
    "resume",
    "supervise",
    "try_call",
    "reopen",
    "close",
]
STAMPS = [
    "accepted",
    "registered",
    "dispatched",
    "acknowledged",
    "contacted",
    "resolved",
    "followed_up",
    "closed",
    "due",
]


@pytest.mark.django_db(transaction=True)
def test_what_was_generated_is_what_the_actions_write() -> None:
    load_district(CASES, 2024, date(2024, 11, 29), processes=2)
    teach_names()  # as a server does when it starts, and as the loading processes did
    copies: dict[int, Case] = {}
    chosen = _stories_that_show_every_move()
    for case in chosen:
        copies[case.pk] = _accept_again(case)
    steps = History.objects.filter(case__in=chosen).exclude(move="accept").select_related("case")
    for step in sorted(steps, key=lambda row: (row.at, row.case_id, row.seq)):
        _make_again(step, copies)
    for case in chosen:
        copy = Case.objects.get(pk=copies[case.pk].pk)
        assert _columns(copy) == _columns(case)
        assert _rows(copy) == _rows(case), case.number


def _stories_that_show_every_move() -> list[Case]:
    chosen: dict[int, Case] = {}
    for move in WANTED:
        shown = History.objects.filter(move=move).order_by("case_id")
        row = shown.filter(case__reopen_count=0).first() or shown.first()
        assert row is not None, f"no generated case shows {move}"
        case = row.case
        for found in filter(None, (case.parent, case)):
            chosen[found.pk] = found
    open_ones = Case.objects.filter(closed_at=None, due_at__isnull=False).order_by("-id")[:5]
    return list((chosen | {case.pk: case for case in open_ones}).values())


def _accept_again(case: Case) -> Case:
    first = case.history.get(seq=1)
    statement = case.statement
    intake = Intake(
        channel=case.channel_id,
        text=statement.text,
        title=case.title,
        kind=case.kind,
        urgency=case.urgency,
        place=statement.place,
        area_id=case.area_id,
        category_id=case.category_id,
        contact=open_contact(case.number, statement.sealed),
        marks=case.marks,
        lon=statement.lon,
        lat=statement.lat,
    )
    return actions.accept_case(Call(_actor(first), first.at), intake)


def _actor(row: History) -> Actor:
    if row.actor_id is None:
        return SYSTEM if row.actor_name == "系统" else CITIZEN
    account = Account.objects.get(pk=row.actor_id)
    return actor_of(account.pk, account.name, account.grants.values_list("role", "unit_id", "area_id"))


def _make_again(step: History, copies: dict[int, Case]) -> None:
    call, pk, record = Call(_actor(step), step.at), copies[step.case_id].pk, step.record
    match step.move:
        case "answer":
            actions.answer_case(call, pk, record["answer"])
        case "decline" | "void":
            verb = actions.decline_case if step.move == "decline" else actions.void_case
            verb(call, pk, _reason(step.move, record["reason"]))
        case "register":
            facts = (record["category"], record["area"], record["kind"], record["urgency"])
            actions.register_case(call, pk, *facts)
        case "merge":
            actions.merge_case(call, pk, copies[Case.objects.get(number=record["parent"]).pk].pk)
        case "dispatch":
            told = record["suggestion"]
            part = step.case.assignments.filter(assigned_at=step.at).first()
            suggestion = Suggestion(told["unit"], told["model"], part.suggestion_score)
            actions.dispatch_case(call, pk, record["lead_unit"], record["assisting"], record["instruction"], suggestion)
        case "acknowledge":
            actions.acknowledge_case(call, pk)
        case "contact":
            actions.record_contact(call, pk, record["how"], record["words"])
        case "ask_return":
            reason = _reason("return", record["reason"])
            actions.ask_return(call, pk, reason, record["words"], record["suggested_unit"])
        case "ask_extension":
            until = datetime.fromisoformat(record["new_due_at"])
            actions.ask_extension(call, pk, _reason("extension", record["reason"]), record["words"], until)
        case "ask_shelving":
            until_day = date.fromisoformat(record["review_on"])
            actions.ask_shelving(call, pk, _reason("shelve", record["reason"]), record["plan"], until_day)
        case "approve_return" | "refuse_return" | "approve_extension" | "refuse_extension" | "shelve":
            review = Review.objects.get(case_id=pk, decided_at=None)
            actions.decide_review(call, review.pk, not step.move.startswith("refuse"), record["remark"])
        case "resume":
            actions.resume_case(call, pk, record["ground"])
        case "supervise":
            climb_ladder(step.at)
        case "resolve":
            climb_ladder(step.at)
            actions.resolve_case(call, pk, record["answer"], record["result"])
        case "try_call":
            actions.try_call(call, pk)
        case "follow_up" if record["reached"]:
            judged = {name: record[name] for name in ("solved", "satisfaction", "words")}
            actions.follow_up_case(call, pk, reached=True, **judged)
        case "close" if Case.objects.get(pk=pk).state == "followed_up":
            actions.close_case(call, pk, record["ground"])
        case "reopen":
            actions.reopen_case(call, pk, _reason("reopen", record["reason"]), record["words"])


def _reason(move: str, name: str) -> int:
    return Reason.objects.get(move=move, name=name).pk


def _columns(case: Case) -> dict[str, Any]:
    names = [
        "state",
        "kind",
        "urgency",
        "channel_id",
        "category_id",
        "street_id",
        "area_id",
        "lead_unit_id",
        "title",
        "marks",
        "caller_index",
        "accepted_by_id",
        "due_clock",
        "overdue_from",
        "result",
        "solved",
        "satisfaction",
        "call_attempts",
        "return_count",
        "extension_count",
        "reopen_count",
        "supervision_level",
        "seq",
    ]
    return {name: getattr(case, name) for name in names} | {name: getattr(case, f"{name}_at") for name in STAMPS}


def _rows(case: Case) -> dict[str, list[Any]]:
    """The rows of a case, ids left out; the ladder's order numbers differ and are left out as well."""
    history = [
        (row.move, row.from_state, row.to_state, row.at, row.recorded_at, row.actor_id, row.actor_name, row.unit_id)
        + (_said(row.record),)
        for row in case.history.order_by("seq")
    ]
    now = datetime(2024, 11, 29, 16, tzinfo=UTC)
    clocks = [
        (clock.name, clock.round, clock.rule_id, clock.unit_id, clock.amount, clock.measure, clock.started_at)
        + (clock.due_at, clock.stopped_at, clock.met, clock.paused_at)
        + (_whole_second(clock.next_step_at) if clock.next_step_at and clock.next_step_at > now else None,)
        + (tuple(clock.shifts.values_list("kind", "from_at", "until_at", "due_before", "due_after", "reason")),)
        for clock in case.clocks.order_by("started_at", "name")
    ]
    parts = case.assignments.order_by("assigned_at", "unit_id").values_list(
        "unit_id", "part", "instruction", "assigned_by_id", "assigned_at", "suggested_unit_id", "suggestion_model",
        "suggestion_score", "acknowledged_at", "ended_at", "ended_by_return",
    )  # fmt: skip
    reviews = case.reviews.order_by("asked_at").values_list(
        "kind", "unit_id", "asked_by_id", "asked_at", "reason_id", "words", "suggested_unit_id", "new_due_at",
        "review_on", "measure", "due_at", "decided_at", "decided_by_id", "approved", "remark",
    )  # fmt: skip
    orders = case.supervisions.order_by("issued_at").values_list("level", "unit_id", "receiver", "issued_at", "words")
    return {
        "history": history,
        "clocks": clocks,
        "parts": list(parts),
        "reviews": list(reviews),
        "orders": list(orders),
        "answer": [case.statement.answer, case.statement.words],
    }


def _whole_second(moment: datetime) -> datetime:
    return (moment + timedelta(microseconds=999_999)).replace(microsecond=0)


def _said(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ("order", "parent", "caller_digest")}
