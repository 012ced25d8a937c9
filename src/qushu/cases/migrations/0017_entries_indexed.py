import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of words moves from the statement to the entry. The planner is to know 4,000 words by frequency."""

    dependencies = [("cases", "0016_entries_of_old_cases")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE cases_searchentry ALTER words SET STATISTICS 400",
            "ALTER TABLE cases_searchentry ALTER words SET STATISTICS -1",
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], gin_pending_list_limit=1024, name="entry_words"
            ),
        ),
        migrations.AddIndex(
            model_name="searchentry", index=models.Index(fields=["accepted_at"], name="entry_accepted")
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func(models.F("lon"), models.F("lat"), function="point"), name="entry_spot"
            ),
        ),
        migrations.RemoveIndex(model_name="statement", name="statement_words"),
    ]
