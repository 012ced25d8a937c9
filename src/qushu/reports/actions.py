"""Every write of a report's life: make, edit outside and give back, review, sign, archive."""

import hashlib
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.kernel.text import tidy
from qushu.lake.engine import one_copy
from qushu.people import audit
from qushu.people.access import Actor, scope

from .book import scope_filters, scope_text
from .composing import Snapshot, compose
from .facts import Fact
from .models import Kind, Report, ReportFigure, ReportFile, ReportTemplate, Version
from .periods import periods_of
from .polishing import polish
from .queries import fact_rows, hands_of, newest_template, paper_of_version

State = Version.State
LARGEST_DOCX = 20 << 20


def require_all(actor: Actor, action: str) -> None:
    """Raises Forbidden unless the actor may do it for the whole district: a report counts everything."""
    if not scope(actor, action).everything:
        raise Forbidden(f"{actor.name}没有权限执行此操作（{action}）。什么也没有改变；如确需办理，请联系管理员授权。")


def make_report(
    actor: Actor,
    kind: str,
    first: date,
    last: date,
    now: datetime,
    *,
    scope: str = "",
    subject: str = "",
    reason: str = "",
) -> Version:
    """起草: a new version of the report on this period and scope; an unsigned one before it is replaced.

    Raises Forbidden; Refused when the period hasn't ended or a signed version exists and no reason is given.
    """
    require_all(actor, "reports.write")
    if kind not in Kind.values or last >= timezone.localdate(now, SHANGHAI):
        raise Refused("这段时间还没有结束，不能写报告。什么也没有做。", code="not_ended", field="period")
    filters = scope_filters(scope)
    template = newest_template(kind)
    with one_copy() as copy:
        if not copy.token:
            raise Refused("分析数据还在整理，请过几分钟再试。什么也没有做。", code="no_copy")
        snapshot = compose(template, periods_of(kind, first, last), filters, subject, now)
    if not snapshot.facts or not any(fact.number for fact in snapshot.facts.values()):
        raise Refused("这段时间和范围内没有诉求件，没有可写的内容。什么也没有做。", code="empty", field="period")
    snapshot = polish(snapshot)
    with transaction.atomic():
        report, _ = Report.objects.select_for_update().get_or_create(
            kind=kind,
            first=first,
            last=last,
            scope=scope_text(filters),
            defaults={"subject": subject[:80], "made_at": now, "made_by_id": actor.account_id},
        )
        version = _new_version(actor, report, template, snapshot, reason, now)
        audit.record(actor, "report.made", f"report:{report.pk}", version.reason, _told(version), now=now)
    return version


@transaction.atomic
def review_version(actor: Actor, version_id: int, opinion: str, now: datetime) -> Version:
    """审核: somebody who may write or sign, and who neither drafted nor edited it, has read it. Raises Forbidden, Missing, Refused."""
    if not any(scope(actor, action).everything for action in ("reports.write", "reports.sign")):
        require_all(actor, "reports.sign")
    version = _locked(version_id, State.draft)
    if actor.account_id in hands_of(version):
        raise Refused("报告要由起草人和修改人以外的人审核。什么也没有改变。", code="same_person")
    version.state, version.reviewed_by_id, version.reviewed_at = State.reviewed, actor.account_id, now
    version.opinion = tidy(opinion)[:300]
    version.save(update_fields=["state", "reviewed_by", "reviewed_at", "opinion"])
    audit.record(actor, "report.reviewed", f"report:{version.report_id}", version.opinion, _told(version), now=now)
    return version


@transaction.atomic
def send_back(actor: Actor, version_id: int, opinion: str, now: datetime) -> Version:
    """退回: a reviewed version is a draft again. Raises Forbidden, Missing, Refused without a reason."""
    require_all(actor, "reports.sign")
    if not opinion.strip():
        raise Refused("请写明退回的理由。什么也没有改变。", field="opinion")
    version = _locked(version_id, State.reviewed)
    version.state, version.opinion, version.reviewed_by_id, version.reviewed_at = (
        State.draft,
        tidy(opinion)[:300],
        None,
        None,
    )
    version.save(update_fields=["state", "opinion", "reviewed_by", "reviewed_at"])
    audit.record(actor, "report.sent_back", f"report:{version.report_id}", version.opinion, _told(version), now=now)
    return version


@transaction.atomic
def sign_version(actor: Actor, version_id: int, now: datetime) -> Version:
    """签发: by another than who drafted, edited and reviewed it; its files are written and frozen with it.

    Where people gave back an edited file, that is what is signed. Raises Forbidden, Missing, Refused.
    """
    require_all(actor, "reports.sign")
    version = _locked(version_id, State.reviewed)
    if actor.account_id is None or actor.account_id in {*hands_of(version), version.reviewed_by_id}:
        raise Refused("签发人不能是起草人、修改人或审核人。什么也没有改变；请由另一位负责人签发。", code="same_person")
    version.signed_by_id, version.signed_at = actor.account_id, now
    edited = version.files.filter(origin=ReportFile.Origin.edited).order_by("-id").first()
    for form, data in _signed_files(version, edited):
        _put_file(version, form, data, ReportFile.Origin.signed, actor, now)
    version.state = State.signed
    version.save(update_fields=["state", "signed_by", "signed_at"])
    audit.record(actor, "report.signed", f"report:{version.report_id}", data=_told(version), now=now)
    return version


@transaction.atomic
def archive_version(actor: Actor, version_id: int, now: datetime) -> Version:
    """归档: a signed version is put away; nothing of it changes. Raises Forbidden, Missing, Refused."""
    require_all(actor, "reports.write")
    version = _locked(version_id, State.signed)
    version.state, version.archived_at = State.archived, now
    version.save(update_fields=["state", "archived_at"])
    audit.record(actor, "report.archived", f"report:{version.report_id}", data=_told(version), now=now)
    return version


@transaction.atomic
def give_back(actor: Actor, version_id: int, data: bytes, now: datetime) -> ReportFile:
    """Put a DOCX that people edited beside an unsigned version: it is what will be signed. Raises Forbidden, Missing, Refused."""
    require_all(actor, "reports.write")
    if len(data) > LARGEST_DOCX:
        raise Refused("文件超过 20 MB。没有保存；请压缩图片后再试。", field="file")
    from .editing import text_of_docx  # python-docx is slow to import

    text_of_docx(data)  # before the version is locked, for it may take its time
    version = _locked(version_id, State.draft)
    put = _put_file(version, "docx", data, ReportFile.Origin.edited, actor, now)
    told = _told(version) | {"digest": put.digest}
    audit.record(actor, "report.edited", f"report:{version.report_id}", data=told, now=now)
    return put


def _new_version(
    actor: Actor, report: Report, template: ReportTemplate, snapshot: Snapshot, reason: str, now: datetime
) -> Version:
    last = report.versions.order_by("-number").first()
    if last and last.state in (State.signed, State.archived) and not reason.strip():
        raise Refused("这份报告已经签发，更正要写明原因。什么也没有改变。", code="signed", field="reason")
    report.versions.filter(state__in=(State.draft, State.reviewed)).update(state=State.dropped)
    try:
        version = Version.objects.create(
            report=report,
            number=last.number + 1 if last else 1,
            template=template,
            title=snapshot.title,
            issue=snapshot.issue,
            content=snapshot.content,
            reason=tidy(reason)[:200],
            as_of=now,
            made_by_id=actor.account_id,
            made_at=now,
        )
    except IntegrityError as error:
        raise Refused("另一个人刚刚起草了同一份报告。什么也没有改变；请刷新后查看。", code="stale") from error
    ReportFigure.objects.bulk_create(_figure(version, fact) for fact in snapshot.facts.values())
    return version


def _figure(version: Version, fact: Fact) -> ReportFigure:
    return ReportFigure(
        version=version,
        key=fact.key,
        name=fact.name,
        value=fact.value,
        unit=fact.unit,
        query=fact.query,
        formula=list(fact.formula),
    )


def _signed_files(version: Version, edited: ReportFile | None) -> list[tuple[str, bytes]]:
    if edited:
        return [("docx", bytes(edited.data))]
    from qushu.kernel.papers import write_docx, write_pdf

    paper = paper_of_version(version, fact_rows(version))
    return [("docx", write_docx(paper)), ("pdf", write_pdf(paper))]


def _put_file(version: Version, form: str, data: bytes, origin: str, actor: Actor, now: datetime) -> ReportFile:
    digest = hashlib.sha256(data).hexdigest()
    return ReportFile.objects.create(
        version=version, form=form, data=data, origin=origin, digest=digest, put_at=now, put_by_id=actor.account_id
    )


def _locked(version_id: int, state: str) -> Version:
    version = (
        Version.objects.select_for_update(of=("self",))
        .select_related("report", "template")
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        raise Missing("没有这份报告。什么也没有改变。")
    if version.state != state:
        raise Refused(
            f"这一版现在是“{version.get_state_display()}”，不能这样做。什么也没有改变；请刷新后查看。", code="stale"
        )
    return version


def _told(version: Version) -> dict[str, object]:
    return {"name": version.title, "version": version.number}
