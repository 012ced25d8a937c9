from typing import Any

from django.db import migrations

STEP = 20_000
FILL = """
UPDATE cases_case SET overdue_from = running.due_at FROM cases_clock running
WHERE running.case_id = cases_case.id AND running.name = 'resolve' AND running.stopped_at IS NULL
  AND (running.paused_at IS NULL OR running.paused_at > running.due_at)
  AND cases_case.id BETWEEN %s AND %s AND cases_case.closed_at IS NULL
  AND cases_case.overdue_from IS DISTINCT FROM running.due_at
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """From the clocks that run, STEP cases a transaction: broken off, it begins anew and changes nothing that is right."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM cases_case")
        first, last = cursor.fetchone()
        for start in range(first, last + 1, STEP) if first else ():
            cursor.execute(FILL, [start, start + STEP - 1])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0025_overdue_from")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
