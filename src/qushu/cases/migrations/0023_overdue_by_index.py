"""Which cases are overdue is told by an index alone, for the board's figures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_entries_by_writers")]
    operations = [
        migrations.RemoveIndex("clock", "clock_running"),
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["name", "due_at"],
                name="clock_running",
                include=["case", "paused_at"],
                condition=models.Q(stopped_at__isnull=True),
            ),
        ),
    ]
