"""Removes generated cases with everything that hangs on them; nothing of a real case is touched."""

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from qushu.cases.models import Case, Clock, Shift

from .models import Load

AT_ONCE = 20_000


def clear_district() -> int:
    """Remove all generated cases, load by load: how many cases."""
    removed = Case.objects.filter(generated=True).count()
    for load in Load.objects.order_by("-id"):
        clear_load(load)
    return removed


def clear_load(load: Load) -> None:
    """Remove the cases of one load in one transaction."""
    first = load.bases["cases_case"] + 1
    with transaction.atomic(), connection.cursor() as cursor:
        # Histories are append-only by trigger; only here, for cases that never happened, the trigger is set aside.
        cursor.execute("ALTER TABLE cases_history DISABLE TRIGGER cases_history_append_only")
        for start in range(first, first + load.cases, AT_ONCE):
            _delete(cursor, start, min(start + AT_ONCE, first + load.cases) - 1)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_history ENABLE TRIGGER cases_history_append_only")
        load.delete()


def _delete(cursor: CursorWrapper, first: int, last: int) -> None:
    clocks = Clock.objects.filter(case__id__gte=first, case__id__lte=last)
    Shift.objects.filter(clock__in=clocks)._raw_delete("default")
    for relation in Case._meta.related_objects:
        field = relation.field
        table, column = relation.related_model._meta.db_table, field.column
        if relation.related_model is Case or relation.on_delete is models.SET_NULL:
            cursor.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} BETWEEN %s AND %s", [first, last])
        else:
            cursor.execute(f"DELETE FROM {table} WHERE {column} BETWEEN %s AND %s", [first, last])
    cursor.execute("DELETE FROM cases_case WHERE id BETWEEN %s AND %s AND generated", [first, last])
