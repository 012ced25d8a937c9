from django.db import migrations, models

HELD = {
    "case_overdue": (["overdue_from"], ["id", "accepted_at", "lead_unit"], models.Q(overdue_from__isnull=False)),
    "case_pressed": (
        ["due_at", "id"],
        ["lead_unit", "state", "supervision_level"],
        models.Q(closed_at__isnull=True, supervision_level__gte=1),
    ),
}


class Migration(migrations.Migration):
    """What is overdue in the running month, and what was escalated, is counted from indexes alone."""

    dependencies = [("cases", "0027_overdue_by_case")]

    operations = [
        operation
        for name, (fields, include, condition) in HELD.items()
        for operation in (
            migrations.RemoveIndex("case", name),
            migrations.AddIndex(
                "case", models.Index(fields=fields, include=include, name=name, condition=condition)
            ),
        )
    ]
