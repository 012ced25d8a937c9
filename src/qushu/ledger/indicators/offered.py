"""Every indicator that can be read now: those of running systems, and those that the centre defined itself."""

import hashlib
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, cast

from django.db.models import Prefetch
from django.urls import reverse

from qushu.kernel.asked import number_in
from qushu.kernel.measures import MEASURES, Measured, Span, SystemMeasure

from .expected import EXPECTED
from .formula import operands, value_of
from .models import OWN, OwnIndicator, SurveyAnswer

SYSTEM = "自定义指标"
NOTHING = Measured(None, 0, hashlib.sha256().digest())


def offered() -> dict[str, SystemMeasure]:
    """All of them by code; one read for the own ones."""
    return {**MEASURES, **{one.code: as_measure(one) for one in OwnIndicator.objects.all()}}


def measure_of(code: str) -> SystemMeasure | None:
    """The one of this code, if it can be read."""
    if not code.startswith(OWN):
        return MEASURES.get(code)
    own = OwnIndicator.objects.filter(pk=number_in(code.removeprefix(OWN)) or 0).first()
    return as_measure(own) if own else None


def named(code: str) -> str:
    """The indicator of this code, running or awaited, as people call it."""
    known = measure_of(code) or EXPECTED.get(code)
    return f"{known.system}：{known.name}" if known else code


def as_measure(own: OwnIndicator) -> SystemMeasure:
    """An own indicator in the form of a system's."""
    ways = {"formula": _by_formula, "survey": _by_survey, "file": _by_file}
    way = ways[own.kind]

    def read(span: Span) -> Measured:
        return way(own, span)

    def rows_address(span: Span) -> str:
        return f"{reverse('indicator', args=[own.pk])}?year={span.last.year}"

    formula = own.words if own.kind != "formula" else f"{own.words}（{own.formula}）"
    return SystemMeasure(
        own.code,
        SYSTEM,
        own.name,
        own.unit,
        formula,
        own.version,
        cast(Literal["more", "less"], own.better),
        own.adds_up,
        read,
        rows_address,
        source=cast(Literal["formula", "survey", "file"], own.kind),
    )


def _by_formula(own: OwnIndicator, span: Span) -> Measured:
    """The formula over what its operands say of the span; the hash is over their values and hashes."""
    measures = {code: one for code in sorted(operands(own.formula)) if (one := measure_of(code))}
    found = {code: one.read(span) for code, one in measures.items()}
    lines = [f"{code}:{one.value}:{one.digest.hex()}" for code, one in found.items()]
    digest = hashlib.sha256("\n".join([own.formula, *lines]).encode()).digest()
    value = value_of(own.formula, {code: one.value for code, one in found.items()})
    by = [
        line
        for code, one in measures.items()
        for line in (
            f"{one.name}：{one.formula}（第 {one.version} 版）",
            *(f"{one.name}，{said}" for said in found[code].by),
        )
    ]
    return Measured(value, sum(one.rows for one in found.values()), digest, tuple(by))


def _by_survey(own: OwnIndicator, span: Span) -> Measured:
    """Of all questionnaires that ended in the span, the share of answers that count, in percent with two places."""
    results = own.surveys.filter(held_to__gte=span.first, held_to__lte=span.last).order_by("pk")
    answers = [
        answer
        for result in results.prefetch_related(Prefetch("answers", SurveyAnswer.objects.order_by("place")))
        for answer in result.answers.all()
    ]
    people = sum(one.people for one in answers)
    if not people:
        return NOTHING
    part = sum(one.people for one in answers if one.counts)
    lines = [f"{one.result_id}:{one.place}:{one.people}:{int(one.counts)}" for one in answers]
    value = (Decimal(part) * 100 / people).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Measured(value, people, hashlib.sha256("\n".join(lines).encode()).digest())


def _by_file(own: OwnIndicator, span: Span) -> Measured:
    """What the newest file of the span says; the hash is the file's own."""
    values = own.values.filter(as_of__gte=span.first, as_of__lte=span.last).select_related("evidence")
    newest = values.order_by("-as_of", "-pk").first()
    return Measured(newest.value, 1, bytes(newest.evidence.digest)) if newest else NOTHING
