"""Rows like those of a real copy, drawn by DuckDB straight into files: to measure with more cases than a database here holds.

Shares are those of the demo district: 17 rows stand for 16 cases, two of a hundred are open, days follow the numbers of cases.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .columns import COLUMNS, JUDGED, ORDER, OTHERS, PART, RUNNING, code_column
from .engine import connect, quoted
from .facts import following
from .files import new_name

MONTHS = 12
ROWS_A_CASE = 17
_DRAWN: dict[str, dict[Any, float]] = {
    "channel": {"12345": 0.82, "wechat": 0.07, "mailbox": 0.06, "mayor_line": 0.02, "city_platform": 0.02, "digital_city": 0.01},
    "kind": {"complaint": 0.42, "help": 0.23, "consultation": 0.17, "report": 0.11, "suggestion": 0.07},
    "urgency": {"general": 0.88, "utilities": 0.05, "urgent": 0.05, "hard": 0.02},
    "result": {"solved": 0.56, "explained": 0.35, "partly": 0.05, "cannot": 0.04},
    "state": {"closed": 0.98, "in_hand": 0.01, "resolved": 0.01},
}  # fmt: skip
_NUMBERS: dict[str, dict[Any, float]] = {
    "satisfaction": {5: 0.55, 4: 0.34, 3: 0.04, 2: 0.05, 1: 0.02},
    "returns": {0: 0.96, 1: 0.04},
    "reopenings": {0: 0.98, 1: 0.02},
    "extensions": {0: 0.95, 1: 0.05},
    "supervision": {0: 0.785, 1: 0.18, 2: 0.023, 3: 0.012},
}
_OTHER = {
    "case_id": "first_id + i - (i // {each})",
    "round": "(i % {each} = {each} - 1)::UTINYINT",
    "accepted_on": "day",
    "hour": "least(23, 7 + floor(random() * 9 + random() * 9))::UTINYINT",
    "weekday": "isodow(day)",
    "category1": "category // 24",
    "category2": "category // 4",
    "category3": "category",
    "street": "street",
    "community": "street * 20 + place",
    "area": "street * 20 + place",
    "unit": "unit",
    "assisting": "CASE WHEN random() < 0.03 THEN [unit + 1] END",
    "is_open": "state <> 'closed'",
    "solved": "random() < 0.85",
    "marks": "CASE WHEN random() < 0.05 THEN ['repeat'] WHEN random() < 0.05 THEN ['urgent'] END",
    "resolved_on": "CASE WHEN state <> 'in_hand' THEN day + wait END",
    "closed_on": "CASE WHEN state = 'closed' THEN day + wait + 1 END",
    "dispatch_minutes": "floor(random() * 600)::INTEGER",
    "contact_minutes": "floor(random() * random() * 2880)::INTEGER",
    "resolve_minutes": "CASE WHEN state <> 'in_hand' THEN wait * 1440 + floor(random() * 1440)::INTEGER END",
    "close_minutes": "CASE WHEN state = 'closed' THEN wait * 1440 + 2880 END",
}


def write_months(folder: Path, rows: int, last: date) -> dict[str, str]:
    """Write `rows` rows of the twelve months that end with the month of `last`: the file of each month.

    The columns, their types and their order are those of a copy. One month at a time, within the engine's memory.
    """
    folder.mkdir(parents=True, exist_ok=True)
    months: dict[str, str] = {}
    duck = connect()
    try:
        duck.execute(f"SET temp_directory = '{quoted(str(folder / 'spill'))}'")
        duck.execute("SELECT setseed(0.42)")
        for place, month in enumerate(_months(last)):
            size = rows // MONTHS + (place < rows % MONTHS)
            name = new_name(f"{month:%Y-%m}")
            target = quoted(str(folder / name))
            select = _select(month, size, 1 + place * (rows // MONTHS + 1))
            duck.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            months[f"{month:%Y-%m}"] = name
    finally:
        duck.close()
    return months


def _months(last: date) -> list[date]:
    found = [last.replace(day=1)]
    while len(found) < MONTHS:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found


def _select(month: date, size: int, first_id: int) -> str:
    """The rows of a month as SQL: what hangs together is drawn below, each column above it."""
    days = (following(month) - month).days
    shares = _DRAWN | _NUMBERS
    numbers = ", ".join(f"random() AS {name}_at" for name in shares)
    drawn = ", ".join(f"{_case(name, of)} AS {name}" for name, of in shares.items())
    below = f"""
      SELECT *, {drawn} FROM (
        SELECT i, {first_id} AS first_id, DATE '{month}' + (i * {days} // {max(size, 1)})::INTEGER AS day,
          1 + floor(11 * random() ** 1.5)::INTEGER AS street, floor(11 * random())::INTEGER AS place,
          1 + floor(61 * random() ** 2)::INTEGER AS unit, 24 + floor(312 * random() ** 2)::INTEGER AS category,
          floor(random() * random() * 9)::INTEGER AS wait, {numbers}
        FROM range({size}) AS numbers (i))"""
    expressions = {name: text.format(each=ROWS_A_CASE) for name, text in _OTHER.items()}
    expressions |= {name: name for name in (*_DRAWN, *_NUMBERS)} | _judged()
    fields = ", ".join(f"({expressions.get(name, 'NULL')})::{kind} AS {name}" for name, kind in COLUMNS.items())
    return f"SELECT {fields} FROM ({below}) ORDER BY {ORDER}"


def _judged() -> dict[str, str]:
    """Nine of ten cases are judged by each measure, at the end of their clock, the unit's."""
    found: dict[str, str] = {}
    for code in JUDGED:
        column = code_column(code)
        found[column] = f"CASE WHEN random() < 0.86 THEN {PART} WHEN random() < 0.3 THEN {OTHERS} END"
        found[f"{column}_on"], found[f"{column}_by"] = "day + wait", "unit"
        if code in RUNNING:
            found[f"{column}_due"] = "NULL"
    return found


def _case(name: str, shares: dict[Any, float]) -> str:
    """One of these values by where the number `<name>_at` (0 to 1) falls among their shares."""
    reached, whens = 0.0, []
    for value, part in shares.items():
        reached += part
        whens.append(f"WHEN {name}_at < {reached:.4f} THEN {value!r}")
    return f"CASE {' '.join(whens)} END"
