"""What own indicators are read from: answers of a survey, and files that say a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path

from django.db import transaction

from qushu.kernel.asked import number_in
from qushu.kernel.content_types import TABLES
from qushu.kernel.errors import Missing, Refused
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ...sheets import Cells, read_cells
from ..models import EvidenceFile, FileValue, OwnIndicator, SurveyAnswer, SurveyResult
from .stating import Upload, store_evidence

LARGEST_TABLE = 5_000_000
ANSWER, PEOPLE, COUNTS, VALUE = "答案", "人数", "计入", "数值"
MOST_PEOPLE = 2**31 - 1
MOST_VALUE = Decimal(10) ** 16
YES = {"是", "1", "计入", "满意", "true", "yes"}
NO = {"否", "0", "不计", "不满意", "false", "no", ""}


@dataclass(frozen=True)
class Answer:
    """An answer, how many gave it, and whether it counts in the part."""

    words: str
    people: int
    counts: bool


@dataclass(frozen=True)
class Survey:
    """A questionnaire that was held from one day to another; `asked` people got it."""

    held_from: date
    held_to: date
    asked: int
    answers: Sequence[Answer]


def keep_survey(actor: Actor, own_id: int, said: Survey, now: datetime, file: Upload | None = None) -> SurveyResult:
    """Keep the counted answers as rows, with the file they came from. Raises Refused, Missing, Forbidden."""
    require(actor, "targets.state")
    own = _own(own_id, "survey")
    people = sum(one.people for one in said.answers)
    if not people:
        raise Refused("一份答卷也没有。什么也没有保存。", field="answers")
    if said.held_to < said.held_from:
        raise Refused("调查结束早于开始。什么也没有保存。", field="held_to")
    if people > said.asked:
        raise Refused(f"收回 {people} 份，多于发放的 {said.asked} 份。什么也没有保存。", field="asked")
    with transaction.atomic():
        result = SurveyResult.objects.create(
            indicator=own,
            held_from=said.held_from,
            held_to=said.held_to,
            asked=said.asked,
            evidence=_stored(actor, file, now) if file else None,
            kept_by_id=actor.account_id,
            kept_at=now,
        )
        SurveyAnswer.objects.bulk_create(
            SurveyAnswer(result=result, place=place, answer=one.words[:60], people=one.people, counts=one.counts)
            for place, one in enumerate(said.answers, 1)
        )
        record(actor, "indicator.survey_kept", f"indicator:{own.code}", data={"people": people}, now=now)
    return result


def answers_of_file(file: Upload) -> list[Answer]:
    """The counted answers of a table with the columns 答案, 人数, 计入 (是 or 否). Raises Refused naming the line."""
    found = []
    for line, row in _rows(file):
        words, people, counts = (row.get(name, "") for name in (ANSWER, PEOPLE, COUNTS))
        asked = number_in(people, MOST_PEOPLE)
        if not words or asked is None:
            raise Refused(f"第 {line} 行的“{ANSWER}”或“{PEOPLE}”不对。什么也没有保存。", field="file")
        if counts.lower() not in YES | NO:
            raise Refused(f"第 {line} 行的“{COUNTS}”要写“是”或“否”。什么也没有保存。", field="file")
        found.append(Answer(words, asked, counts.lower() in YES))
    return found


def keep_file_value(actor: Actor, own_id: int, as_of: date, file: Upload, now: datetime) -> FileValue:
    """Keep the one value that a table says in its column 数值, and the file itself. Raises Refused, Missing, Forbidden."""
    require(actor, "targets.state")
    own = _own(own_id, "file")
    said = [(line, row[VALUE]) for line, row in _rows(file) if row.get(VALUE)]
    if len(said) != 1:
        raise Refused(f"“{VALUE}”一列要正好有一个值，这份文件有 {len(said)} 个。什么也没有保存。", field="file")
    line, words = said[0]
    try:
        value = Decimal(words.replace(",", "").removesuffix("%").strip()).quantize(Decimal("0.0001"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= MOST_VALUE:
        raise Refused(f"第 {line} 行的“{words}”不是数值，或者太大。什么也没有保存。", field="file")
    with transaction.atomic():
        kept = FileValue.objects.create(
            indicator=own,
            as_of=as_of,
            value=value,
            where=f"第 {line} 行，{VALUE}",
            evidence=_stored(actor, file, now),
            kept_by_id=actor.account_id,
            kept_at=now,
        )
        record(actor, "indicator.file_kept", f"indicator:{own.code}", data={"value": str(value)}, now=now)
    return kept


def _own(own_id: int, kind: str) -> OwnIndicator:
    own = OwnIndicator.objects.filter(pk=own_id, kind=kind).first()
    if own is None:
        raise Missing("没有这个指标，或它不是这样取值的。")
    return own


def _rows(file: Upload) -> list[tuple[int, Cells]]:
    """The rows of an uploaded table with their lines. Raises Refused, for formulas too: what they gave can't be checked."""
    name, data = file
    if Path(name).suffix.lower() not in (".csv", ".xlsx"):
        raise Refused("请选 CSV 或 XLSX 文件。什么也没有保存。", field="file")
    if len(data) > LARGEST_TABLE:
        raise Refused(f"文件超过 {LARGEST_TABLE // 1_000_000} MB。什么也没有保存。", field="file")
    return read_cells(name, BytesIO(data), ())


def _stored(actor: Actor, file: Upload, now: datetime) -> EvidenceFile:
    """A table that was read; it went through `_rows`, which refuses what is none."""
    name, data = file
    suffix = Path(name).suffix.lower()
    return store_evidence(actor, name, TABLES[suffix[1:]], suffix, data, now)
