from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """The index of words keeps no limit of its own for what waits: who writes many cases sets it (`cases.entries`)."""

    dependencies = [("cases", "0023_overdue_by_index")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER INDEX entry_words RESET (gin_pending_list_limit)",
                    "ALTER INDEX entry_words SET (gin_pending_list_limit = 1024)",
                )
            ],
            [
                migrations.RemoveIndex("searchentry", "entry_words"),
                migrations.AddIndex("searchentry", GinIndex(fields=["words"], name="entry_words")),
            ],
        )
    ]
