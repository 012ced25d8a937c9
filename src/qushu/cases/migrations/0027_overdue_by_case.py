from django.db import migrations, models

OPEN = models.Q(closed_at__isnull=True)
HELD = {
    "case_due": (["due_at", "id"], ["lead_unit", "overdue_from"]),
    "case_inbox": (["lead_unit", "state", "due_at", "id"], ["overdue_from"]),
}


class Migration(migrations.Migration):
    """What is overdue is counted, by unit and by state, from an index of the open cases alone.

    After the column was filled: as long as no index held it, none had to be written for that.
    """

    dependencies = [("cases", "0026_overdue_from_of_old_cases")]

    operations = [
        *(
            operation
            for name, (fields, include) in HELD.items()
            for operation in (
                migrations.RemoveIndex("case", name),
                migrations.AddIndex("case", models.Index(fields=fields, name=name, include=include, condition=OPEN)),
            )
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["overdue_from"], name="case_overdue", condition=models.Q(overdue_from__isnull=False)
            ),
        ),
    ]
