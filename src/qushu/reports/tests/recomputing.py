"""Another way to every number of a report: plain SQL over the tables of cases, clocks and history, without the copy."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import parse_qsl

from django.db import connection

from qushu.reports.models import ReportFigure, Version

HERE = "AT TIME ZONE 'Asia/Shanghai'"
CASE_FILTERS = {
    "channel": "c.channel_id = %s",
    "kind": "c.kind = %s",
    "street": "c.street_id = %s::bigint",
    "community": "c.area_id = %s::bigint",
    "category1": "(SELECT p.parent_id FROM cases_category g JOIN cases_category p ON p.id = g.parent_id WHERE g.id = c.category_id) = %s::bigint",
    "category2": "%s::bigint IN (c.category_id, (SELECT parent_id FROM cases_category WHERE id = c.category_id AND level = 3))",
    "category3": "c.category_id = %s::bigint",
    "warning": "c.id IN (SELECT case_id FROM insight_warnings_warningcase WHERE warning_id = %s::bigint)",
    "matter": "c.id IN (SELECT case_id FROM insight_matters_membership WHERE removed_at IS NULL AND matter_id = %s::bigint)",
}
CLOCKS = {"acknowledge": "acknowledge", "contact": "contact", "on_time": "resolve"}
EXCLUDED = """c.id NOT IN (SELECT case_id FROM cases_review WHERE kind = 'exclude' AND approved AND measure IN ({}))"""
LEAD_THEN = """coalesce((SELECT a.unit_id FROM cases_assignment a WHERE a.case_id = c.id AND a.part = 'lead'
                AND a.assigned_at <= h.at ORDER BY a.assigned_at DESC, a.id DESC LIMIT 1), c.lead_unit_id)"""


def recomputed(version: Version) -> dict[str, Decimal | None]:
    """Every figure of a version anew: what was asked by SQL, what was worked out by hand from those."""
    found: dict[str, Decimal | None] = {}
    for row in sorted(version.figures.all(), key=lambda one: int(one.key[1:])):
        found[row.key] = _by_hand(row.formula, found) if row.formula else _asked(row, version.as_of)
    return found


def _asked(row: ReportFigure, now: datetime) -> Decimal | None:
    pairs = parse_qsl(row.query)
    said = dict(pairs)
    measure = said.pop("measure")
    first, last = said.pop("first"), said.pop("last")
    if measure in ("count", "open", "overdue"):
        return _counted(measure, first, last, said, now)
    if measure.endswith(("_p50", "_p90")):
        return _middle(measure, first, last, said)
    part, whole = _rate(measure, first, last, said, now)
    return _two(Decimal(100 * part) / whole) if whole else None


def _counted(measure: str, first: str, last: str, said: dict[str, str], now: datetime) -> Decimal:
    where, params = _where(said, "c.accepted_at", "c.lead_unit_id")
    condition, late = "true", []
    if measure == "open":
        condition = "c.closed_at IS NULL AND c.state <> 'merged'"
    if measure == "overdue":
        late = [now]
        condition = """EXISTS (SELECT FROM cases_clock k WHERE k.case_id = c.id AND k.name = 'resolve'
            AND k.stopped_at IS NULL AND k.due_at < %s AND (k.paused_at IS NULL OR k.paused_at > k.due_at))"""
    sql = f"""SELECT count(*) FROM cases_case c
        WHERE (c.accepted_at {HERE})::date BETWEEN %s AND %s AND {where} AND {condition}"""
    return Decimal(_one(sql, [first, last, *params, *late])[0])


def _middle(measure: str, first: str, last: str, said: dict[str, str]) -> Decimal | None:
    until, day = ("resolved_at", "resolved_at") if measure.startswith("resolve") else ("contacted_at", "accepted_at")
    where, params = _where(said, f"c.{day}", "c.lead_unit_id")
    share = "0.5" if measure.endswith("50") else "0.9"
    minutes = f"(extract(epoch FROM c.{until} - c.accepted_at) / 60)::int / 60.0"
    sql = f"""SELECT percentile_cont({share}) WITHIN GROUP (ORDER BY {minutes}) FROM cases_case c
        WHERE (c.{day} {HERE})::date BETWEEN %s AND %s AND c.{until} IS NOT NULL AND {where}"""
    (found,) = _one(sql, [first, last, *params])
    return None if found is None else _two(Decimal(found))


def _rate(measure: str, first: str, last: str, said: dict[str, str], now: datetime) -> tuple[int, int]:
    if measure in CLOCKS:
        where, params = _where(said, "k.due_at", "k.unit_id")
        names = "'', %s" + (", 'response'" if measure == "contact" else "")
        late = "(k.stopped_at IS NULL AND k.due_at < %s AND (k.paused_at IS NULL OR k.paused_at > k.due_at))"
        sql = f"""SELECT count(*) FILTER (WHERE k.met), count(*) FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
            WHERE k.name = %s AND (k.due_at {HERE})::date BETWEEN %s AND %s AND {where}
            AND (k.met IS NOT NULL OR {late}) AND {EXCLUDED.format(names)}"""
        return _one(sql, [CLOCKS[measure], first, last, *params, now, measure])
    if measure in ("solved", "satisfied"):
        where, params = _where(said, "h.at", LEAD_THEN)
        good = {"solved": "(h.record->>'solved')::bool", "satisfied": "(h.record->>'satisfaction')::int >= 4"}[measure]
        sql = f"""SELECT count(*) FILTER (WHERE {good}), count(*) FROM cases_history h JOIN cases_case c ON c.id = h.case_id
            WHERE h.move = 'follow_up' AND (h.record->>'reached')::bool AND (h.at {HERE})::date BETWEEN %s AND %s
            AND {where} AND {EXCLUDED.format("'', %s")}"""
        return _one(sql, [first, last, *params, measure])
    if measure == "reopen":
        where, params = _where(said, "h.at", LEAD_THEN)
        sql = f"""SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM cases_history l WHERE l.case_id = h.case_id
              AND l.move = 'reopen' AND l.seq > h.seq)), count(*) FROM cases_history h JOIN cases_case c ON c.id = h.case_id
            WHERE h.move = 'resolve' AND (h.at {HERE})::date BETWEEN %s AND %s AND {where} AND {EXCLUDED.format("'', 'reopen'")}"""
        return _one(sql, [first, last, *params])
    assert measure == "return", measure
    where, params = _where(said, "a.assigned_at", "a.unit_id")
    sql = f"""SELECT count(*) FILTER (WHERE a.ended_by_return), count(*)
        FROM cases_assignment a JOIN cases_case c ON c.id = a.case_id
        WHERE a.part = 'lead' AND EXISTS (SELECT FROM cases_history h WHERE h.case_id = a.case_id AND h.at = a.assigned_at
          AND h.move IN ('dispatch', 'redispatch')) AND (a.assigned_at {HERE})::date BETWEEN %s AND %s AND {where}
          AND {EXCLUDED.format("'', 'return'")}"""
    return _one(sql, [first, last, *params])


def _where(said: dict[str, str], at: str, unit: str) -> tuple[str, list[Any]]:
    parts, params = ["true"], []
    for name, value in said.items():
        if name == "unit":
            parts.append(f"{unit} = %s::bigint")
        elif name == "hour":
            parts.append(f"extract(hour FROM c.accepted_at {HERE}) = %s::int")
        elif name == "day":
            parts.append(f"({at} {HERE})::date = %s::date")
        elif name == "month":
            parts.append(f"date_trunc('month', {at} {HERE})::date = %s::date")
        else:
            parts.append(CASE_FILTERS[name])
        params.append(value)
    return " AND ".join(parts), params


def _by_hand(formula: list[str], found: dict[str, Decimal | None]) -> Decimal | None:
    operation, *keys = formula
    given = [Decimal(key) if key.isdigit() else found[key] for key in keys]
    if None in given:
        return None
    one, other, *more = given
    if operation in ("difference", "points"):
        return _two(one - other)
    if operation == "per":
        return _two(one / other)
    if operation == "share":
        return _two(one * 100 / other) if other else None
    if operation == "change":
        return _two((one / other - 1) * 100) if other else None
    if operation == "rest":
        return _two(more[0] - one + other - more[1])
    if operation == "others":
        return _two(one - other - sum(more))
    assert operation == "contribution"
    return _two((one - other) * 100 / (more[0] - more[1])) if more[0] != more[1] else None


def _one(sql: str, params: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def _two(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
