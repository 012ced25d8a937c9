from typing import Any

from django.db import migrations

STEP = 20_000
FILL = """
UPDATE cases_searchentry SET facets = cases_facets(case_id)
WHERE case_id BETWEEN %s AND %s AND facets IS DISTINCT FROM cases_facets(case_id)
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """STEP cases a transaction: broken off, it begins anew and changes nothing that is right."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT min(case_id), max(case_id) FROM cases_searchentry")
        first, last = cursor.fetchone()
        for start in range(first, last + 1, STEP) if first else ():
            cursor.execute(FILL, [start, start + STEP - 1])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0029_facets")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
