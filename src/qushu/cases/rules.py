"""Rules of a case that need no database."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from qushu.kernel.asked import number_in
from qushu.kernel.chain import row_hash

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATISFACTION = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
TITLE_LENGTH = 30


def case_number(prefix: str, day: date, case_id: int) -> str:
    """受理编号: prefix, day of acceptance, the case's id in at least seven digits. Unique because the id is."""
    return f"{prefix}{day:%y%m%d}{case_id:07d}"


def case_id_of(number: str, prefix: str) -> int | None:
    """The id inside a case number, or None when it isn't one."""
    digits = number.strip().upper().removeprefix(prefix.upper())
    return number_in(digits[6:]) if digits.isascii() and digits.isdecimal() and len(digits) >= 13 else None


def title_of(text: str) -> str:
    """A title for words that came without one: their first sentence, at most TITLE_LENGTH characters."""
    first = text.strip().removeprefix("市民来电反映：").splitlines()[0] if text.strip() else ""
    for stop in "。！？；":
        first = first.split(stop)[0]
    cut = first[:TITLE_LENGTH]
    if first[TITLE_LENGTH : TITLE_LENGTH + 1].isdigit():
        cut = cut.rstrip("0123456789 -") or cut  # half a number is no longer known for one: nothing would mask it
    return cut.rstrip("，、；： ")


def words_digest(text: str) -> str:
    """What a history keeps of the words as said: SM3 in hex."""
    return hashlib.new("sm3", text.encode()).hexdigest()


def history_hash(prev: bytes, row: Mapping[str, object]) -> bytes:
    """The hash of a history row: over every column but id and the two hashes.

    `row` has: case, seq, move, from_state, to_state, at, recorded_at, actor, actor_name, unit, record, request_key.
    """
    return row_hash(prev, row)


def chained_fields(
    case_id: int,
    seq: int,
    move: str,
    states: tuple[str, str],
    at: datetime,
    recorded_at: datetime,
    actor: tuple[int | None, str, int | None],
    record: Mapping[str, object],
    request_key: str | None,
) -> dict[str, object]:
    """What `history_hash` covers, from the row's values. `actor` is (account id, name, unit id)."""
    return {
        "case": case_id,
        "seq": seq,
        "move": move,
        "from_state": states[0],
        "to_state": states[1],
        "at": at,
        "recorded_at": recorded_at,
        "actor": actor[0],
        "actor_name": actor[1],
        "unit": actor[2],
        "record": record,
        "request_key": request_key,
    }
