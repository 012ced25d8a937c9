from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """One index answers words and facets together."""

    dependencies = [("cases", "0030_facets_of_old_cases")]

    operations = [
        migrations.AddIndex("searchentry", GinIndex(fields=["words", "facets"], name="entry_words")),
    ]
