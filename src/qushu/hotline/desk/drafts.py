"""Drafts of the desk: kept sealed for the account that typed them, so that nothing said on a call is lost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qushu.kernel.crypto import vault
from qushu.kernel.errors import Refused

from ..models import Draft
from ..models.desk import draft_context

MOST_DRAFTS = 30
LARGEST = 40_000
FIELDS = [
    "phone",
    "name",
    "channel",
    "text",
    "area",
    "place",
    "category",
    "kind",
    "urgency",
    "title",
    "address",
    "id_number",
    "marks",
    "answer",
    "reason",
    "words",
]


@dataclass(frozen=True)
class Resumable:
    """A draft as the list shows it."""

    key: str
    saved_at: datetime
    words: str


def keep(account_id: int, key: str, values: Mapping[str, Sequence[str]], now: datetime) -> None:
    """Write what is in the form; an empty form removes its draft. Raises Refused when it is too large or one has too many."""
    kept = {name: list(values[name]) for name in FIELDS if any(values.get(name, ()))}
    if not any(kept.get(name) for name in ("phone", "text", "name", "answer")):
        drop(account_id, key)
        return
    text = json.dumps(kept, ensure_ascii=False)
    if len(text) > LARGEST:
        raise Refused("草稿过长，没有存到服务器；本机仍有一份。请尽快提交。", code="draft_too_large")
    others = Draft.objects.filter(account_id=account_id).exclude(key=key)
    if others.count() >= MOST_DRAFTS:
        raise Refused(f"草稿已有 {MOST_DRAFTS} 份，没有再存；请先处理旧草稿。", code="too_many_drafts")
    sealed = vault().seal(text, draft_context(account_id, key))
    Draft.objects.update_or_create(account_id=account_id, key=key, defaults={"sealed": sealed, "saved_at": now})


def read(account_id: int, key: str) -> dict[str, list[str]]:
    """The fields of a draft; empty when there is none."""
    draft = Draft.objects.filter(account_id=account_id, key=key).first()
    return _open(draft) if draft else {}


def drop(account_id: int, key: str) -> None:
    """Forget a draft."""
    Draft.objects.filter(account_id=account_id, key=key).delete()


def mine(account_id: int, but: str = "") -> list[Resumable]:
    """One's drafts, the newest first, without the one that is open."""
    drafts = Draft.objects.filter(account_id=account_id).exclude(key=but).order_by("-saved_at")
    return [Resumable(draft.key, draft.saved_at, _summary(_open(draft))) for draft in drafts]


def _open(draft: Draft) -> dict[str, list[str]]:
    opened: dict[str, list[str]] = json.loads(vault().open(draft.sealed, draft_context(draft.account_id, draft.key)))
    return opened


def _summary(values: Mapping[str, Sequence[str]]) -> str:
    said = " ".join(values.get("title") or values.get("text") or ["（只有号码）"])
    return said[:24]
