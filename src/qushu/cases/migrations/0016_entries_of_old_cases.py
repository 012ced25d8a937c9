from typing import Any

from django.db import migrations

STEP = 20_000


def make_entries(apps: Any, schema_editor: Any) -> None:
    """Entries of all cases, STEP ids a transaction: broken off, it begins anew and changes nothing that is right."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT min(case_id), max(case_id) FROM cases_statement")
        first, last = cursor.fetchone()
        for start in range(first, last + 1, STEP) if first else ():
            cursor.execute("SELECT cases_index(%s, %s)", [start, start + STEP - 1])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0015_search_entries")]
    operations = [migrations.RunPython(make_entries, migrations.RunPython.noop)]
