"""Lists as files: asked for by a person, written by the worker, fetched only by who asked."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.free_text import as_shown
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.tables import Column, write_csv, write_xlsx
from qushu.people import audit
from qushu.people.access import Actor, actor_of, may_at_all, require
from qushu.people.models import Account, Export

from .contact import Contact, masked_contact, open_contact
from .forms import CaseFilter, ExportForm
from .models import Case
from .queries import caller_token, filter_cases, visible_cases
from .rules import SATISFACTION

KIND = "cases"
KEPT_DAYS = 7
CHUNK = 500
LONGEST_SHEET_NAME = 31  # Excel allows no more


@dataclass(frozen=True)
class ListExport:
    """A list that can be written to a file.

    `rows` gives, in the list's order, what its page shows to this person for the filters of its address, of which the
    person may export. `columns` are those of the file; the argument says whether a citizen's data is in the clear.
    `form` makes the list's filter form, unfilled; it knows the words for what the list was narrowed to. `action` of the
    matrix opens the export; `personal` says whether there is a citizen's data in it at all.
    """

    name: str
    rows: Callable[[Actor, Mapping[str, str], datetime], QuerySet[Any] | Collection[Any]]
    columns: Callable[[bool], list[Column]]
    form: Callable[[], forms.Form] = forms.Form
    action: str = "case.export"
    personal: bool = True


LISTS: dict[str, ListExport] = {}
"""Every list by its kind; rooms above put theirs in when Django starts."""


def ask_export(actor: Actor, form: str, filters: str, unmasked_reason: str, now: datetime, kind: str = KIND) -> Export:
    """Note that a list is wanted. Raises Forbidden, Refused. `filters` is the query string of the list's address."""
    if kind not in LISTS:
        raise Refused("没有这个列表。没有导出任何内容。")
    if not LISTS[kind].personal:
        unmasked_reason = ""
    if not may_at_all(actor, LISTS[kind].action):
        raise Forbidden("您的账号不能导出。没有导出任何内容。")
    if actor.account_id is None:
        raise Refused("登录后才能导出。没有导出任何内容。")
    if unmasked_reason:
        require(actor, "case.export_unmasked")
    with transaction.atomic():
        export = Export.objects.create(
            account_id=actor.account_id,
            kind=kind,
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
            {"list": kind, "filters": export.filters, "masked": not unmasked_reason},
            now=now,
        )
    return export


def export_of(actor: Actor, *kinds: str, **place: object) -> dict[str, Any]:
    """What a page's template needs to offer its lists (kinds of LISTS) as files; nothing to those who may not export.

    `place` is what the page's address says beside its query; `rows` of the list find it among their filters.
    """
    may = [kind for kind in kinds if may_at_all(actor, LISTS[kind].action)]
    unmask = may_at_all(actor, "case.export_unmasked") and any(LISTS[kind].personal for kind in may)
    return {
        "export_form": ExportForm(may_unmask=unmask) if may else None,
        "export_lists": [(kind, LISTS[kind].name) for kind in may],
        "export_place": urlencode(place),
    }


def write_export(export_id: int) -> None:
    """Write the file of an export and note how far it is. Does nothing when it is finished: jobs may run twice."""
    export = Export.objects.select_related("account").filter(pk=export_id, finished_at__isnull=True).first()
    if export is None:
        return
    wanted = LISTS[export.kind]
    rows = wanted.rows(_actor(export.account), export.filters, timezone.now())
    Export.objects.filter(pk=export_id).update(total=_number_of(rows), done=0, error="")
    name = f"{export.kind}-{export_id}.{export.format}"
    path = folder() / name
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        _write(export, wanted, rows, part, _tell(export_id))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    Export.objects.filter(pk=export_id).update(finished_at=timezone.now(), stored_as=name)


def _kept_filters(query: str) -> dict[str, str]:
    """The filters of an address; a phone number is kept only as its token."""
    chosen = {
        name: str(value) for name, value in QueryDict(query).dict().items() if value and name not in ("after", "before")
    }
    token = caller_token(chosen.pop("phone", ""))
    return chosen | ({"caller": token} if token else {})


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


def _number_of(rows: QuerySet[Any] | Collection[Any]) -> int:
    return rows.order_by().count() if isinstance(rows, QuerySet) else len(rows)


def _write(
    export: Export,
    wanted: ListExport,
    rows: QuerySet[Any] | Collection[Any],
    path: Path,
    progress: Callable[[int], None],
) -> None:
    columns = wanted.columns(bool(export.unmasked_reason))
    read: Iterator[Any] = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
    if export.format == "csv":
        with path.open("wb") as file:
            write_csv(read, columns, file, progress)
    else:
        write_xlsx(read, columns, path, wanted.name[:LONGEST_SHEET_NAME], progress)


def with_everything(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that `case_columns` reads."""
    related = cases.select_related("statement", "lead_unit", "category", "street", "area", "channel")
    return related.defer("statement__words")


def _all_cases(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Case]:
    cases = filter_cases(visible_cases(actor, "case.export"), filters, now, actor)
    return with_everything(cases).order_by("-accepted_at", "-id")


def case_columns(clear: bool) -> list[Column]:
    """A case in a file; names, numbers and what was said are masked unless `clear`."""

    def contact(case: Case) -> Contact:
        if "sensitive" in case.marks:
            return Contact(name="保密") if case.statement.sealed else Contact()
        read = open_contact if clear else masked_contact
        return read(case.number, case.statement.sealed)

    states = {code: state.name for code, state in lifecycle("hotline").states.items()}
    return [
        Column("受理编号", lambda case: case.number, 20),
        Column("标题", lambda case: as_shown(case.title, clear), 36),
        Column("状态", lambda case: states.get(case.state, case.state), 10),
        Column("类型", lambda case: case.get_kind_display(), 8),
        Column("紧急程度", lambda case: case.get_urgency_display(), 10),
        Column("渠道", lambda case: case.channel.name, 12),
        Column("类别", lambda case: case.category.full_name if case.category else "", 28),
        Column("街道", lambda case: case.street.name if case.street else "", 14),
        Column("社区", lambda case: case.area.name if case.area and case.area_id != case.street_id else "", 14),
        Column("事发地点", lambda case: as_shown(case.statement.place, clear), 24),
        Column("诉求人", lambda case: contact(case).name, 10),
        Column("电话", lambda case: contact(case).phone, 14),
        Column("诉求内容", lambda case: as_shown(case.statement.text, clear), 60),
        Column("承办单位", lambda case: case.lead_unit.name if case.lead_unit else "", 20),
        Column("受理时间", lambda case: case.accepted_at, 19),
        Column("派单时间", lambda case: case.dispatched_at, 19),
        Column("签收时间", lambda case: case.acknowledged_at, 19),
        Column("首次联系", lambda case: case.contacted_at, 19),
        Column("办结时间", lambda case: case.resolved_at, 19),
        Column("结案时间", lambda case: case.closed_at, 19),
        Column("办理结果", lambda case: case.get_result_display(), 12),
        Column("答复", lambda case: as_shown(case.statement.answer, clear), 60),
        Column("是否解决", lambda case: case.solved, 10),
        Column("满意度", lambda case: SATISFACTION.get(case.satisfaction, ""), 10),
        Column("退单次数", lambda case: case.return_count, 10),
        Column("重办次数", lambda case: case.reopen_count, 10),
    ]


LISTS[KIND] = ListExport("工单", _all_cases, case_columns, lambda: CaseFilter({}))
