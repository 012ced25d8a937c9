"""渠道 and 理由 as tables."""

from collections.abc import Callable, Iterator
from datetime import datetime

from qushu.people import audit
from qushu.people.access import Actor
from qushu.people.sheets.cells import code_of, number_of, row_of, yes, yes_or_no
from qushu.people.sheets.imports import Done, Row, Sheet

from ...models import Channel, Reason
from ..actions.lists import (
    MOVES,
    ChannelFacts,
    ReasonFacts,
    add_channel,
    add_reason,
    change_channel,
    change_reason,
)

CHANNEL_COLUMNS = ("代码", "名称", "顺序", "启用")
REASON_COLUMNS = ("用于", "代码", "理由", "依据", "告知途径", "启用")


def channel_rows() -> Iterator[Row]:
    """Every channel."""
    for one in Channel.objects.order_by("order", "code"):
        yield row_of(CHANNEL_COLUMNS, one.code, one.name, str(one.order), yes(one.active))


def apply_channel(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Add or change the channel of a row."""
    code = row["代码"].strip()
    one = Channel.objects.filter(code=code).first()
    order = number_of(row.get("顺序", ""), "顺序")
    active = yes_or_no(row.get("启用", ""), one.active if one else True)
    facts = ChannelFacts(row["名称"].strip(), order if order is not None else one.order if one else 100, active)
    if one is None:
        add_channel(actor, code, facts, now)
        return Done("new", code, [facts.name])
    return _done(
        code, ChannelFacts(one.name, one.order, one.active), facts, lambda: change_channel(actor, code, facts, now)
    )


def reason_rows() -> Iterator[Row]:
    """Every reason."""
    for one in Reason.objects.order_by("move", "code"):
        label = MOVES.get(one.move, one.move)
        yield row_of(REASON_COLUMNS, label, one.code, one.name, one.basis, one.way, yes(one.active))


def apply_reason(actor: Actor, row: Row, now: datetime, rehearsal: bool) -> Done:
    """Add or change the reason of a row."""
    move, code = code_of(list(MOVES.items()), row["用于"], "用于"), row["代码"].strip()
    one = Reason.objects.filter(move=move, code=code).first()
    facts = ReasonFacts(
        row["理由"].strip(),
        row.get("依据", one.basis if one else "").strip(),
        row.get("告知途径", one.way if one else "").strip(),
        yes_or_no(row.get("启用", ""), one.active if one else True),
    )
    key = f"{MOVES[move]} {code}"
    if one is None:
        add_reason(actor, move, code, facts, now)
        return Done("new", key, [facts.name])
    before = ReasonFacts(one.name, one.basis, one.way, one.active)
    return _done(key, before, facts, lambda: change_reason(actor, one.pk, facts, now))


def _done(
    key: str, before: ChannelFacts | ReasonFacts, after: ChannelFacts | ReasonFacts, change: Callable[[], object]
) -> Done:
    said = audit.changes(vars(before), vars(after))
    if not said:
        return Done("same", key)
    change()
    return Done("change", key, audit.change_words(said))


CHANNELS = Sheet(
    kind="channels",
    title="渠道",
    action="codes.write",
    columns=CHANNEL_COLUMNS,
    required=("代码", "名称"),
    help=("不在文件里的渠道不会改动。",),
    rows=channel_rows,
    apply_row=apply_channel,
    page="channels",
)
REASONS = Sheet(
    kind="reasons",
    title="理由",
    action="codes.write",
    columns=REASON_COLUMNS,
    required=("用于", "代码", "理由"),
    help=(f"“用于”写：{'、'.join(MOVES.values())}。不在文件里的理由不会改动。",),
    rows=reason_rows,
    apply_row=apply_reason,
    page="reasons",
    key_columns=("用于", "代码"),
)
