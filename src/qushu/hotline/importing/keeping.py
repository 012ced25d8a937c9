"""What became of each row: refused ones are kept sealed in their batch, and every outcome is told once it is true."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from qushu.kernel.crypto import vault
from qushu.kernel.personal import mask_free_text

from ..models import FeedBatch, FeedRow
from ..models.ways import row_context

LONGEST_REASON = 300
LONGEST_REF = 80


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: a case of this number, one that was there already, or nothing, for a reason."""

    line: int
    ref: str
    result: Literal["accepted", "unchanged", "refused"]
    number: str = ""
    reason: str = ""


Tell = Callable[[Sequence[Outcome]], None]


class Keeper:
    """The batch that an import writes into. Nothing is told before the transaction that makes it true is through.

    `refuse` may be called by the thread that reads on while another writes: what comes meanwhile is written next time.
    """

    def __init__(self, batch: FeedBatch, tell: Tell | None = None) -> None:
        self.batch = batch
        self._tell: Tell = tell or (lambda outcomes: None)
        self._rows: list[FeedRow] = []
        self._outcomes: list[Outcome] = []
        self._writing = (0, 0)

    def refuse(self, line: int, ref: str, row: Mapping[str, Any], why: str) -> None:
        """Keep a row that can't be a case, sealed, with its line and the reason; personal data that this quotes is masked."""
        kept = FeedRow(
            batch=self.batch,
            line=line,
            ref=ref[:LONGEST_REF],
            reason=mask_free_text(why)[:LONGEST_REASON],
            sealed=seal_row(self.batch.pk, line, row),
            digest=_digest(self.batch.source_id, row),
        )
        self._rows.append(kept)
        self._outcomes.append(Outcome(line, kept.ref, "refused", reason=kept.reason))

    def unchanged(self, line: int, ref: str, number: str) -> None:
        """A row that is a case already."""
        self._outcomes.append(Outcome(line, ref, "unchanged", number))

    def write(self, further: Sequence[Outcome] = ()) -> None:
        """Write down what is kept and the counts, in the transaction that is open; `written` follows when it is through."""
        self._writing = (len(self._rows), len(self._outcomes))
        FeedRow.objects.bulk_create(self._new_rows())
        FeedBatch.objects.filter(pk=self.batch.pk).update(**self._counts(further))

    def written(self, further: Sequence[Outcome] = ()) -> None:
        """The transaction is through: tell."""
        for name, count in self._counts(further).items():
            setattr(self.batch, name, count)
        rows, outcomes = self._writing
        told = [*self._outcomes[:outcomes], *further]
        del self._rows[:rows], self._outcomes[:outcomes]
        if told:
            self._tell(told)

    def finish(self, now: datetime, error: str = "") -> None:
        """The end of the batch; `error` when the file as a whole broke off."""
        self.write()
        self.batch.finished_at, self.batch.error = now, error[:LONGEST_REASON]
        self.batch.save(update_fields=["finished_at", "error"])
        self.written()

    def _new_rows(self) -> list[FeedRow]:
        """Of the refused rows those that weren't kept before: the same file read again leaves no second copy."""
        rows = {row.digest: row for row in reversed(self._rows[: self._writing[0]])}
        kept = FeedRow.objects.filter(digest__in=list(rows)).values_list("digest", flat=True)
        known = {bytes(digest) for digest in kept if digest is not None}
        return [row for digest, row in reversed(rows.items()) if digest not in known]

    def _counts(self, further: Sequence[Outcome]) -> dict[str, int]:
        counts = {name: getattr(self.batch, name) for name in ("accepted", "unchanged", "refused")}
        for outcome in (*self._outcomes[: self._writing[1]], *further):
            counts[outcome.result] += 1
        return counts


def seal_row(batch_id: int, line: int, row: Mapping[str, Any]) -> bytes:
    """A row as it came, encrypted for its place."""
    return vault().seal(json.dumps(row, ensure_ascii=False, default=str), row_context(batch_id, line))


def open_row(kept: FeedRow) -> dict[str, Any]:
    """The row in the clear. For actions that audit. Raises crypto.Tampered."""
    row: dict[str, Any] = json.loads(vault().open(kept.sealed, row_context(kept.batch_id, kept.line)))
    return row


def _digest(source_id: int, row: Mapping[str, Any]) -> bytes:
    """A keyed hash of what a row of a source says; it doesn't tell what that is."""
    said = json.dumps(row, ensure_ascii=False, default=str, sort_keys=True)
    return vault().blind_index(f"feed:{source_id}:{said}")
