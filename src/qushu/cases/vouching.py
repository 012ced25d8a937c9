"""Whether the words, the caller and the files that are kept are those that a history vouches for by their digests."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qushu.kernel.crypto import Tampered

from .contact import caller_digest, open_contact
from .models import Attachment, Statement
from .rules import words_digest

Record = Mapping[str, Any]


class Kept:
    """What is kept of some cases beside their histories; two reads for all of them."""

    def __init__(self, case_ids: list[int]) -> None:
        said = Statement.objects.filter(case_id__in=case_ids).values_list("case_id", "text", "sealed")
        self._said = {case_id: (text, sealed) for case_id, text, sealed in said}
        files = Attachment.objects.filter(case_id__in=case_ids).values_list("case_id", "pk", "digest")
        self._files = {(case_id, pk): bytes(digest).hex() for case_id, pk, digest in files}

    def departs(self, case_id: int, number: str, records: Iterable[tuple[str, Any]]) -> Iterator[str]:
        """In words, what isn't as the history's rows (move, record) say; a row without a digest vouches for nothing."""
        for move, record in records:
            if not isinstance(record, dict):
                continue
            if move == "accept" and "words_digest" in record:
                yield from self._statement(case_id, number, record)
            if move == "attach":
                yield from self._file(case_id, record)

    def _statement(self, case_id: int, number: str, record: Record) -> Iterator[str]:
        if case_id not in self._said:
            yield "诉求原文缺失"
            return
        text, sealed = self._said[case_id]
        if words_digest(text) != record["words_digest"]:
            yield "诉求原文与受理时的摘要不符"
        try:
            caller = caller_digest(number, open_contact(number, sealed))
        except Tampered:
            yield "来电人信息被改动，打不开"
            return
        if caller != record.get("caller_digest"):
            yield "来电人信息与受理时的摘要不符"

    def _file(self, case_id: int, record: Record) -> Iterator[str]:
        name = record.get("name", "")
        digest = self._files.get((case_id, record.get("attachment", 0)))
        if digest is None:
            yield f"附件“{name}”缺失"
        elif digest != record.get("digest"):
            yield f"附件“{name}”与上传时的摘要不符"
