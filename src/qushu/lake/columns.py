"""What the copy holds: a narrow row per case and round of judgements, and nothing about who called or what was said.

Round 0 is the case itself with the first judgement by each measure of the assessment; a case that was judged again (a
reopened one) has a second row with its second judgements, and so on. Counting cases is counting rows of round 0.
"""

from qushu.hotline.assessment.measures import MEASURES, Measure

OTHERS, PART, EXCLUDED, PENDING, PENDING_EXCLUDED = range(5)
"""How a judgement went: in the whole only, in the part too, left out; still running: late as soon as `<measure>_due` is past."""

JUDGED: dict[str, Measure] = {code: one for code, one in MEASURES.items() if not one.pending_in_part}
RUNNING = {code: one for code, one in JUDGED.items() if one.pending}

CASE_COLUMNS: dict[str, str] = {
    "case_id": "BIGINT",
    "round": "UTINYINT",
    "accepted_on": "DATE",
    "hour": "UTINYINT",
    "weekday": "UTINYINT",
    "channel": "VARCHAR",
    "kind": "VARCHAR",
    "urgency": "VARCHAR",
    "category1": "INTEGER",
    "category2": "INTEGER",
    "category3": "INTEGER",
    "street": "INTEGER",
    "community": "INTEGER",
    "area": "INTEGER",
    "unit": "INTEGER",
    "assisting": "INTEGER[]",
    "state": "VARCHAR",
    "is_open": "BOOLEAN",
    "result": "VARCHAR",
    "solved": "BOOLEAN",
    "satisfaction": "UTINYINT",
    "marks": "VARCHAR[]",
    "returns": "UTINYINT",
    "reopenings": "UTINYINT",
    "extensions": "UTINYINT",
    "supervision": "UTINYINT",
    "resolved_on": "DATE",
    "closed_on": "DATE",
    "dispatch_minutes": "INTEGER",
    "contact_minutes": "INTEGER",
    "resolve_minutes": "INTEGER",
    "close_minutes": "INTEGER",
}


def _judged_columns() -> dict[str, str]:
    """For each measure: how it went, the day it counts for, the unit that answers, and for a clock its running deadline."""
    found: dict[str, str] = {}
    for code in JUDGED:
        found |= {
            code_column(code): "UTINYINT",
            f"{code_column(code)}_on": "DATE",
            f"{code_column(code)}_by": "INTEGER",
        }
        if code in RUNNING:
            found[f"{code_column(code)}_due"] = "TIMESTAMP"
    return found


def code_column(code: str) -> str:
    """The column of a measure of the assessment."""
    return f"j_{code}"


ORDER = "is_open, case_id, round"
"""How the rows of a file follow each other: open cases stand together at its end, so that what asks for them, or for the
clocks that run on them, reads little else."""
COLUMNS: dict[str, str] = CASE_COLUMNS | _judged_columns()
LISTS = {name for name, kind in COLUMNS.items() if kind.endswith("[]")}
