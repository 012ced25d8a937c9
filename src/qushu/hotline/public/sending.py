"""What a citizen submits becomes a case with its files, or nothing at all; what a citizen judges is judged once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from qushu.cases import actions
from qushu.cases.actions import Call, Intake
from qushu.cases.actions.closing import CONTENT_FROM
from qushu.cases.actions.keeping import keep_file
from qushu.cases.contact import Contact
from qushu.cases.models import Attachment, Case
from qushu.kernel.errors import Refused
from qushu.kernel.text import tidy
from qushu.people.access import CITIZEN, SYSTEM
from qushu.people.actions.notices import notify

from ..desk.queries import is_repeat, warnings_in

CHANNEL = "mailbox"
FORM_USED = "form_used"


@dataclass(frozen=True)
class Judgement:
    """What a citizen says of the answer."""

    solved: bool
    satisfaction: int
    words: str = ""

    @property
    def content(self) -> bool:
        return self.solved and self.satisfaction >= CONTENT_FROM


def send(said: Mapping[str, Any], files: Sequence[UploadedFile], now: datetime) -> Case:
    """The case of a filled form, with its files, in one transaction. The same request key gives the same case.

    Raises Refused, with nothing kept, for a file that can't be opened and for a key whose form said something else.
    """
    call = Call(CITIZEN, now, f"citizen/{said['request_key']}")
    kept: list[Attachment] = []
    try:
        with transaction.atomic():
            intake = _intake(said, now)
            case = actions.accept_case(call, intake)
            if case.statement.text != tidy(said["text"]):
                raise Refused(
                    f"这张表刚才已经提交过，受理编号是 {case.number}。这次填的内容还没有提交；如果是另一件事，请再按一次“提交”。",
                    code=FORM_USED,
                )
            if not case.attachments.exists():
                for file in files:
                    kept.append(keep_file(call, case, file.name or "附件", file.read(), case.state))
            _tell(case, intake, now)
            return case
    except BaseException:
        for one in kept:
            (Path(settings.MEDIA_ROOT) / one.stored_as).unlink(missing_ok=True)
        raise


def judge(case_id: int, said: Judgement, request_key: str, now: datetime) -> Case:
    """The citizen's judgement; a content one closes the case. The same request key judges once. Raises Refused."""
    call = Call(CITIZEN, now, f"citizen-judges/{request_key}")
    with transaction.atomic():
        case = actions.follow_up_case(
            call, case_id, reached=True, solved=said.solved, satisfaction=said.satisfaction, words=said.words
        )
        if said.content and case.state == "followed_up":
            closing = Call(SYSTEM, now, call.part("close").request_key)
            return actions.close_case(closing, case_id, "市民网上评价")
        return case


def _intake(said: Mapping[str, Any], now: datetime) -> Intake:
    marks = [warning.mark for warning in warnings_in(said["text"])]
    urgent = "urgent" in marks
    if is_repeat(SYSTEM, said["phone"], now, coming=1):
        marks.append("repeat")
    category = said["category"] or said["topic"]
    return Intake(
        channel=CHANNEL,
        text=said["text"],
        kind=said["kind"],
        urgency=Case.Urgency.urgent if urgent else Case.Urgency.general,
        place=said["place"],
        area_id=int(said["area"]) if said["area"] else None,
        category_id=int(category) if category else None,
        contact=Contact(said["name"], said["phone"]),
        marks=marks,
    )


def _tell(case: Case, intake: Intake, now: datetime) -> None:
    """RULES §4: urgent words, nobody is on the line with this citizen: the supervisor is told at once."""
    if intake.urgency == Case.Urgency.urgent and case.accepted_at == now:
        notify(
            f"网上诉求提到紧急情况：{case.number}",
            f"/cases/{case.number}/",
            now=now,
            role="supervisor",
            area_id=case.place_id,
            urgent=True,
        )
