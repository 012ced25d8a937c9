"""值班表 as a table: exported for a span of days, edited in a spreadsheet, imported again."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from qushu.kernel.calendar import SHANGHAI
from qushu.kernel.errors import Refused
from qushu.people.access import Actor
from qushu.people.models import Account
from qushu.people.sheets.cells import code_of
from qushu.people.sheets.imports import Done, Row, Sheet

from ..models import DutyShift
from .actions import ShiftFacts, add_shift, change_shift
from .rules import shift_words

COLUMNS = ("账号", "姓名", "岗位", "开始", "结束")
SAMPLE_FROM = timedelta(days=31)
REASON = "批量导入"
_PATTERNS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")


def rows_of(shifts: Iterable[DutyShift]) -> Iterator[Row]:
    """Shifts as rows; they come with their accounts."""
    for shift in shifts:
        cells = (shift.account.username, shift.account.name, shift.get_post_display(), *map(_text, _span(shift)))
        yield dict(zip(COLUMNS, cells, strict=True))


def latest_rows() -> Iterator[Row]:
    """The shifts of the last month and all that come."""
    recent = DutyShift.objects.filter(starts_at__gt=timezone.now() - SAMPLE_FROM).select_related("account")
    return rows_of(recent.order_by("starts_at", "account__username"))


def apply_shift(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Add the shift of a row, or change post and end of the one that the person has from this moment on."""
    username = row["账号"].strip()
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise Refused(f"没有账号“{username}”。", code="import_account")
    post = code_of(DutyShift.POSTS, row["岗位"], "岗位")
    facts = ShiftFacts(account.pk, post, _moment(row["开始"], "开始"), _moment(row["结束"], "结束"))
    words = [account.name, dict(DutyShift.POSTS)[post], shift_words(facts.span)]
    there = DutyShift.objects.filter(account=account, starts_at=facts.starts_at).first()
    if there is None:
        add_shift(actor, facts, now)
        return Done("new", username, words)
    if (there.post, there.ends_at) == (facts.post, facts.ends_at):
        return Done("same", username, words)
    change_shift(actor, there.pk, facts, REASON, now)
    return Done("change", username, [*words, f"原为{there.get_post_display()} {shift_words(_span(there))}"])


def _span(shift: DutyShift) -> tuple[datetime, datetime]:
    return shift.starts_at, shift.ends_at


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _moment(text: str, column: str) -> datetime:
    plain = text.strip().replace("/", "-").replace("T", " ")
    for pattern in _PATTERNS:
        try:
            return datetime.strptime(plain, pattern).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    raise Refused(f"{column}“{text}”应写成 2026-01-31 08:00 的样子。", code="import_moment")


DUTY = Sheet(
    kind="duty",
    title="值班表",
    action="duty.write",
    columns=COLUMNS,
    required=("账号", "岗位", "开始", "结束"),
    help=(
        f"岗位写：{'、'.join(label for _, label in DutyShift.POSTS)}。时间写成 2026-01-31 08:00 的样子，按北京时间。",
        "同一账号同一开始时间是同一班：岗位或结束不同就修改。不在文件里的班次不会改动。姓名一列只供辨认。",
    ),
    rows=latest_rows,
    apply_row=apply_shift,
    page="duty",
    key_columns=("账号", "开始"),
)
