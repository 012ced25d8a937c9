from django.db import migrations, models
from django.db.models import Q

INCLUDED = {
    "case_returned": (["lead_unit", "state", "return_count"], Q(closed_at__isnull=True, return_count__gte=1)),
    "case_reopened": (["lead_unit", "state"], Q(closed_at__isnull=True, reopen_count__gte=1)),
    "case_pressed": (["lead_unit", "state"], Q(closed_at__isnull=True, supervision_level__gte=1)),
}


class Migration(migrations.Migration):
    """The board's figures are counted from these indexes without looking at the rows."""

    dependencies = [("cases", "0017_entries_indexed")]

    operations = [
        operation
        for name, (columns, condition) in INCLUDED.items()
        for operation in (
            migrations.RemoveIndex("case", name),
            migrations.AddIndex(
                "case",
                models.Index(fields=["due_at", "id"], name=name, include=columns, condition=condition),
            ),
        )
    ]
