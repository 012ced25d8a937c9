"""Writes: a form is drawn up, written, submitted, reviewed by a second person and signed by a third; then it is frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from qushu.kernel.errors import Missing, Refused
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ..models import BudgetDocument, Project
from .drawing import fill, needs_reason, rescore
from .models import Evaluation, EvaluationLine
from .rules import unfit
from .schemes import scheme_named
from .snapshot import seal_of, told, total

State = Evaluation.State
TEXTS = ("reached", "reasons", "measures")


@dataclass(frozen=True)
class LineSaid:
    """What people write beside a target: why, how far words are fulfilled, and how many points it is worth (None: as before)."""

    reason: str = ""
    percent: Decimal | None = None
    points: Decimal | None = None


def draw_up(
    actor: Actor, document_id: int, project_id: int | None, kind: str, as_of: date, now: datetime
) -> Evaluation:
    """Draw up a form as of a day of the budget's year. Raises Refused (no annual targets, a day outside, one that is there),
    Missing."""
    require(actor, "evaluation.write")
    document = BudgetDocument.objects.filter(pk=document_id).first()
    project = Project.objects.filter(pk=project_id, document_id=document_id).first() if project_id else None
    if document is None or (project_id and project is None):
        raise Missing("没有这份预算文件或项目。")
    year = document.year
    if as_of.year != year:
        raise Refused(
            f"这是 {year} 年的预算，{as_of.year} 年的绩效要按 {as_of.year} 年的预算评。截至日期请取 {year} 年内的一天，"
            f"或先导入、选择 {as_of.year} 年的预算文件。没有生成。",
            field="as_of",
        )
    if as_of > timezone.localdate(now):
        raise Refused("截至日期不能晚于今天。没有生成。", field="as_of")
    evaluation = Evaluation(
        kind=kind, document=document, project=project, year=year, as_of=as_of, hands=[actor.account_id], filled_at=now
    )
    lines = fill(evaluation, now)
    if not lines:
        raise Refused("这个项目没有年度绩效指标，无从评价。没有生成。", field="project")
    try:
        with transaction.atomic():
            evaluation.save()
            EvaluationLine.objects.bulk_create(lines)
            _record(actor, "evaluation.drafted", evaluation, now, {"as_of": as_of.isoformat()})
    except IntegrityError:
        raise Refused("这个对象截至这一天的表已经有了，请在列表里打开它。没有再生成。", field="as_of") from None
    return evaluation


def refill(actor: Actor, evaluation_id: int, now: datetime) -> Evaluation:
    """Take all values anew; what people judged and wrote stays. Raises Refused, Missing, Forbidden."""
    require(actor, "evaluation.write")
    with transaction.atomic():
        evaluation = _locked(evaluation_id, State.drafted, "只有草稿可以重新取值")
        lines = fill(evaluation, now)
        evaluation.save()
        for line in lines:
            line.save()
        _record(actor, "evaluation.refilled", evaluation, now)
    return evaluation


def write(
    actor: Actor,
    evaluation_id: int,
    texts: Mapping[str, str],
    lines_said: Mapping[int, LineSaid],
    now: datetime,
) -> Evaluation:
    """Keep the texts (TEXTS) and what is said of lines (by id; of others nothing changes).

    Raises Refused (also where points of a level don't add up to the level's), Missing, Forbidden; nothing is kept then.
    """
    require(actor, "evaluation.write")
    with transaction.atomic():
        evaluation = _locked(evaluation_id, State.drafted, "只有草稿可以填写")
        for name in TEXTS:
            setattr(evaluation, name, texts.get(name, getattr(evaluation, name)).strip()[:4000])
        lines = list(evaluation.lines.select_related("target"))
        _weigh(actor, evaluation, lines, {pk: said.points for pk, said in lines_said.items()}, now)
        for line in lines:
            if said := lines_said.get(line.pk):
                line.reason = said.reason.strip()[:500]
                line.percent = said.percent if line.target.number is None else None
            rescore(line)
            line.save()
        if actor.account_id not in evaluation.hands:
            evaluation.hands = [*evaluation.hands, actor.account_id]
        evaluation.save()
        _record(actor, "evaluation.written", evaluation, now)
    return evaluation


def _weigh(
    actor: Actor,
    evaluation: Evaluation,
    lines: Sequence[EvaluationLine],
    given: Mapping[int, Decimal | None],
    now: datetime,
) -> None:
    """Give lines other points (None: as they are), unsaved. Raises Refused."""
    before = {line.pk: line.points for line in lines}
    for line in lines:
        points = given.get(line.pk)
        line.points = line.points if points is None else points
    moved = {
        line.target.name: [str(before[line.pk]), str(line.points)] for line in lines if before[line.pk] != line.points
    }
    if not moved:
        return
    levels = [line.target.level1 for line in lines]
    if said := unfit(scheme_named(evaluation.scheme), levels, [line.points for line in lines]):
        raise Refused(f"{'；'.join(said)}。没有保存。", field="points")
    record(actor, "evaluation.weighed", f"evaluation:{evaluation.pk}", data=moved, now=now)


def submit(actor: Actor, evaluation_id: int, now: datetime) -> Evaluation:
    """Hand the form to a reviewer. Raises Refused naming what is still missing; Missing, Forbidden."""
    require(actor, "evaluation.write")
    with transaction.atomic():
        evaluation = _locked(evaluation_id, State.drafted, "只有草稿可以提交")
        if evaluation.is_self:
            _refuse_incomplete(evaluation)
        evaluation.state, evaluation.sent_back = State.submitted, ""
        evaluation.written_by_id, evaluation.written_at = actor.account_id, now
        evaluation.save()
        _record(actor, "evaluation.submitted", evaluation, now)
    return evaluation


def _refuse_incomplete(evaluation: Evaluation) -> None:
    lines = list(evaluation.lines.select_related("target"))
    unjudged = [line.target.name for line in lines if line.score is None]
    if unjudged:
        raise Refused(f"请先给文字类指标定档：{'、'.join(unjudged)}。没有提交。")
    unexplained = [line.target.name for line in lines if needs_reason(line) and not line.reason]
    if unexplained:
        raise Refused(f"请先写明偏差原因和措施：{'、'.join(unexplained)}。没有提交。")


def review(actor: Actor, evaluation_id: int, now: datetime) -> Evaluation:
    """The second person agrees. Raises Refused for one who wrote in it; Missing, Forbidden."""
    require(actor, "evaluation.review")
    with transaction.atomic():
        evaluation = _locked(evaluation_id, State.submitted, "只有提交了的表可以复核")
        _refuse_hand(actor, evaluation, "复核")
        evaluation.state = State.reviewed
        evaluation.reviewed_by_id, evaluation.reviewed_at = actor.account_id, now
        evaluation.save()
        _record(actor, "evaluation.reviewed", evaluation, now)
    return evaluation


def send_back(actor: Actor, evaluation_id: int, words: str, now: datetime) -> Evaluation:
    """Back to the writers, with the reason; by a reviewer or a signer. Raises Refused, Missing, Forbidden."""
    require(actor, "evaluation.review")
    if not words.strip():
        raise Refused("请写明退回意见。什么也没有改变。", field="words")
    with transaction.atomic():
        evaluation = _locked(evaluation_id, (State.submitted, State.reviewed), "只有待复核、待签署的表可以退回")
        evaluation.state, evaluation.sent_back = State.drafted, words.strip()[:300]
        evaluation.written_by = evaluation.reviewed_by = None
        evaluation.written_at = evaluation.reviewed_at = None
        evaluation.save()
        _record(actor, "evaluation.sent_back", evaluation, now, reason=words.strip())
    return evaluation


def sign(actor: Actor, evaluation_id: int, now: datetime) -> Evaluation:
    """The third person signs: all values, sources and hashes are frozen and sealed. Raises Refused, Missing, Forbidden."""
    require(actor, "evaluation.sign")
    with transaction.atomic():
        evaluation = _locked(evaluation_id, State.reviewed, "只有复核过的表可以签署")
        _refuse_hand(actor, evaluation, "签署")
        if actor.account_id == evaluation.reviewed_by_id:
            raise Refused("复核的人不能自己签署，请另一位同事签署。什么也没有改变。")
        evaluation.signed_by_id, evaluation.signed_at = actor.account_id, now
        evaluation.snapshot = told(evaluation)
        evaluation.seal = seal_of(evaluation.snapshot)
        evaluation.state = State.signed
        evaluation.save()
        score = total(evaluation, list(evaluation.lines.all()))
        facts = {"score": str(score), "seal": evaluation.seal.hex()}
        _record(actor, "evaluation.signed", evaluation, now, facts)
    return evaluation


def _refuse_hand(actor: Actor, evaluation: Evaluation, act: str) -> None:
    if actor.account_id is None or actor.account_id in evaluation.writers:
        raise Refused(f"填写过这张表的人不能{act}，请另一位同事{act}。什么也没有改变。")


def _locked(evaluation_id: int, states: State | tuple[State, ...], otherwise: str) -> Evaluation:
    evaluation = Evaluation.objects.select_for_update(of=("self",)).select_related("document", "project")
    found = evaluation.filter(pk=evaluation_id).first()
    if found is None:
        raise Missing("没有这张表。")
    if found.state not in (states if isinstance(states, tuple) else (states,)):
        raise Refused(f"{otherwise}；这张表{found.get_state_display()}。请刷新后再看。什么也没有改变。")
    return found


def _record(
    actor: Actor, action: str, evaluation: Evaluation, now: datetime, data: dict[str, str] | None = None, reason: str = ""
) -> None:  # fmt: skip
    record(actor, action, f"evaluation:{evaluation.pk}", reason=reason, data=data, now=now)
