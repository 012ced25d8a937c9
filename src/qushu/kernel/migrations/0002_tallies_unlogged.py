"""Counts of the rate limits need no disk: a crash may forget them, a restart doesn't, and no request waits for them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE kernel_tally SET UNLOGGED", "ALTER TABLE kernel_tally SET LOGGED"),
    ]
