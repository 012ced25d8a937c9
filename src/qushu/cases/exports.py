"""Lists of cases as files: asked for by a person, written by the worker, fetched only by who asked."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from qushu.kernel.errors import Refused
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.personal import mask_free_text
from qushu.kernel.tables import Column, write_csv, write_xlsx
from qushu.people import audit
from qushu.people.access import Actor, actor_of, require
from qushu.people.models import Account, Export

from .contact import Contact, caller_index, masked_contact, open_contact
from .models import Case
from .queries import filter_cases, visible_cases
from .rules import SATISFACTION

KIND = "cases"
KEPT_DAYS = 7
CHUNK = 500


def ask_export(actor: Actor, form: str, filters: str, unmasked_reason: str, now: datetime) -> Export:
    """Note that a list is wanted. Raises Forbidden. `filters` is the query string of the list's address."""
    if actor.account_id is None:
        raise Refused("登录后才能导出。没有导出任何内容。")
    if unmasked_reason:
        require(actor, "case.export_unmasked")
    with transaction.atomic():
        export = Export.objects.create(
            account_id=actor.account_id,
            kind=KIND,
            format=form,
            filters=_kept_filters(filters),
            unmasked_reason=unmasked_reason.strip(),
            created_at=now,
        )
        audit.record(
            actor,
            "case.exported",
            f"export:{export.pk}",
            unmasked_reason.strip(),
            {"filters": export.filters, "masked": not unmasked_reason},
            now=now,
        )
    return export


def write_export(export_id: int) -> None:
    """Write the file of an export and note how far it is. Does nothing when it is finished: jobs may run twice."""
    export = Export.objects.select_related("account").filter(pk=export_id, finished_at__isnull=True).first()
    if export is None:
        return
    actor = _actor(export.account)
    cases = filter_cases(visible_cases(actor, "case.export"), export.filters, timezone.now())
    if caller := export.filters.get("caller"):
        cases = cases.filter(caller_index=bytes.fromhex(caller))
    Export.objects.filter(pk=export_id).update(total=cases.count(), done=0, error="")
    name = f"{KIND}-{export_id}.{export.format}"
    path = folder() / name
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        _write(export, cases.order_by("-accepted_at", "-id"), part, _tell(export_id))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    Export.objects.filter(pk=export_id).update(finished_at=timezone.now(), stored_as=name)


def _kept_filters(query: str) -> dict[str, str]:
    """The filters of an address; a phone number is kept only as its blind index."""
    chosen = {
        name: value for name, value in QueryDict(query).dict().items() if value and name not in ("after", "before")
    }
    phone = caller_index(str(chosen.pop("phone", "")))
    return {name: str(value) for name, value in chosen.items()} | ({"caller": phone.hex()} if phone else {})


def folder() -> Path:
    """Where export files lie; made when it isn't there, readable by nobody else."""
    place = Path(settings.HOME) / "exports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def forget_exports(now: datetime) -> int:
    """Remove files older than KEPT_DAYS with their rows. Returns how many."""
    old = Export.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS))
    for export in old:
        if export.stored_as:
            (folder() / export.stored_as).unlink(missing_ok=True)
    return old.delete()[0]


def _actor(account: Account) -> Actor:
    return actor_of(account.pk, account.name, account.grants.values_list("role", "unit_id", "area_id"))


def _tell(export_id: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        Export.objects.filter(pk=export_id).update(done=done)

    return tell


def _write(export: Export, cases: QuerySet[Case], path: Path, progress: Callable[[int], None]) -> None:
    columns = _columns(bool(export.unmasked_reason))
    rows = _rows(cases)
    if export.format == "csv":
        with path.open("wb") as file:
            write_csv(rows, columns, file, progress)
    else:
        write_xlsx(rows, columns, path, "工单", progress)


def _rows(cases: QuerySet[Case]) -> Iterator[Case]:
    related = ("statement", "lead_unit", "category", "street", "area", "channel")
    return cases.select_related(*related).iterator(chunk_size=CHUNK)


def _columns(in_the_clear: bool) -> list[Column]:
    def contact(case: Case) -> Contact:
        if "sensitive" in case.marks:
            return Contact(name="保密") if case.statement.sealed else Contact()
        read = open_contact if in_the_clear else masked_contact
        return read(case.number, case.statement.sealed)

    def said(text: str) -> str:
        return text if in_the_clear else mask_free_text(text)

    states = {code: state.name for code, state in lifecycle("hotline").states.items()}
    return [
        Column("受理编号", lambda case: case.number, 20),
        Column("标题", lambda case: said(case.title), 36),
        Column("状态", lambda case: states.get(case.state, case.state), 10),
        Column("类型", lambda case: case.get_kind_display(), 8),
        Column("紧急程度", lambda case: case.get_urgency_display(), 10),
        Column("渠道", lambda case: case.channel.name, 12),
        Column("类别", lambda case: case.category.full_name if case.category else "", 28),
        Column("街道", lambda case: case.street.name if case.street else "", 14),
        Column("社区", lambda case: case.area.name if case.area and case.area_id != case.street_id else "", 14),
        Column("事发地点", lambda case: said(case.statement.place), 24),
        Column("诉求人", lambda case: contact(case).name, 10),
        Column("电话", lambda case: contact(case).phone, 14),
        Column("诉求内容", lambda case: said(case.statement.text), 60),
        Column("承办单位", lambda case: case.lead_unit.name if case.lead_unit else "", 20),
        Column("受理时间", lambda case: case.accepted_at, 19),
        Column("派单时间", lambda case: case.dispatched_at, 19),
        Column("签收时间", lambda case: case.acknowledged_at, 19),
        Column("首次联系", lambda case: case.contacted_at, 19),
        Column("办结时间", lambda case: case.resolved_at, 19),
        Column("结案时间", lambda case: case.closed_at, 19),
        Column("办理结果", lambda case: case.get_result_display(), 12),
        Column("答复", lambda case: said(case.statement.answer), 60),
        Column("是否解决", lambda case: case.solved, 10),
        Column("满意度", lambda case: SATISFACTION.get(case.satisfaction, ""), 10),
        Column("退单次数", lambda case: case.return_count, 10),
        Column("重办次数", lambda case: case.reopen_count, 10),
    ]
