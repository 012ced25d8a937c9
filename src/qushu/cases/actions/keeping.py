"""What is kept beside the moves: attachments, and the reading of a citizen's personal data."""

import hashlib
import io
import secrets
from pathlib import Path

import filetype
from django.conf import settings
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.lifecycle import lifecycle
from qushu.people import audit
from qushu.people.access import Actor, may

from ..contact import FIELDS, open_contact
from ..masked_words import masked_words
from ..models import Attachment, Case
from ..telling import tell
from .moving import Call, Step, move_along, require_on, units_of

REVEALED = {**FIELDS, "words": "原文"}
"""What can be revealed of a case, one at a time: the fields of who called, and what is masked in the words."""

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_IMAGE_PIXELS = 50_000_000
OFFICE = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "audio/mpeg": ".mp3",
    "audio/x-wav": ".wav",
    "video/mp4": ".mp4",
}
IMAGES = {"image/jpeg": ("JPEG", ".jpg"), "image/png": ("PNG", ".png"), "image/webp": ("WEBP", ".webp")}


def hides_caller(actor: Actor, case: Case) -> bool:
    """Whether who called stays unsaid to this person, even masked: the identity is sealed (保密)."""
    if "sensitive" not in case.marks:
        return False
    return not may(actor, "case.read_sealed", unit_ids=units_of(case), area_ids=(case.street_id, case.area_id))


def reveal(call: Call, case: Case, field: str, reason: str) -> str:
    """One of REVEALED in the clear, for those allowed, with the reason in the audit trail.

    `words` are all texts of the case in which personal data is masked, each with where it stands; "" when there is none.
    """
    require_on(call.actor, "case.reveal", case)
    if "sensitive" in case.marks:
        require_on(call.actor, "case.read_sealed", case)
    if field not in REVEALED:
        raise Missing("没有这一项。")
    if not reason.strip():
        raise Refused("请写明查看原因；会记入审计。", code="empty", field="reason")
    with transaction.atomic():
        audit.record(
            call.actor, "contact.revealed", f"case:{case.number}", reason.strip(), {"field": field}, now=call.now
        )
        if field == "words":
            timeline = tell(case.history.order_by("seq"), lifecycle(case.lifecycle))
            return "\n\n".join(f"{where}：{text}" for where, text in masked_words(case, timeline))
        return str(getattr(open_contact(case.number, case.statement.sealed), field))


def add_attachment(call: Call, case: Case, name: str, data: bytes, stage: str) -> Attachment:
    """Keep a file with a case: judged by its content, at most LARGEST_FILE bytes, images re-encoded.

    The case's history holds that it was added, and its digest.
    """
    require_on(call.actor, "case.attach", case)
    return keep_file(call, case, name, data, stage)


def keep_file(call: Call, case: Case, name: str, data: bytes, stage: str) -> Attachment:
    """As `add_attachment`, for callers that checked the permission another way (the citizen who submits)."""
    content_type, suffix, clean = examine(name, data)
    stored_as = f"{case.pk % 1000:03d}/{secrets.token_hex(16)}{suffix}"
    path = Path(settings.MEDIA_ROOT) / stored_as
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(clean)
    kept = Attachment(
        case=case,
        name=Path(name).name[-120:],
        stored_as=stored_as,
        content_type=content_type,
        size=len(clean),
        digest=hashlib.new("sm3", clean).digest(),
        stage=stage,
        added_by_id=call.actor.account_id,
        added_at=call.now,
    )
    try:
        _write_down(call, kept)
        return kept
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write_down(call: Call, kept: Attachment) -> None:
    """The attachment's row and the history's, together. Without the request key: a form may bring several files."""

    def change(step: Step) -> None:
        kept.save(force_insert=True)
        step.record = {"attachment": kept.pk, "name": kept.name, "size": kept.size, "digest": kept.digest.hex()}

    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=kept.case_id)
        move_along(Call(call.actor, call.now), case, "attach", change)


def examine(name: str, data: bytes) -> tuple[str, str, bytes]:
    """(content type, suffix, bytes to keep) of an upload. Raises Refused for what may not be kept."""
    if len(data) > LARGEST_FILE:
        raise Refused(
            f"“{name}”超过 {LARGEST_FILE // 1024 // 1024} MB。没有保存这个文件；其余内容不受影响。", field="file"
        )
    kind = filetype.guess_mime(data)
    if kind in IMAGES:
        return kind, IMAGES[kind][1], _painted_again(name, data, IMAGES[kind][0])
    if kind in OFFICE:
        return kind, OFFICE[kind], data
    raise Refused(f"“{name}”不是可以接收的类型（图片、PDF、Word、Excel、录音、录像）。没有保存这个文件。", field="file")


def _painted_again(name: str, data: bytes, form: str) -> bytes:
    """The image decoded and encoded anew: no metadata, no hidden payload."""
    try:
        with Image.open(io.BytesIO(data), formats=(form,)) as image:
            if image.width * image.height > LARGEST_IMAGE_PIXELS:
                raise Refused(f"“{name}”的像素过大。没有保存这个文件。", field="file")
            out = io.BytesIO()
            upright = ImageOps.exif_transpose(image)  # the turn that a phone wrote goes with the metadata
            clean = upright if form != "JPEG" else upright.convert("RGB")
            clean.info.pop("comment", None)  # the only words that a JPEG would carry over
            clean.save(out, form)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused(f"“{name}”打不开，可能已损坏。没有保存这个文件。", field="file") from error
