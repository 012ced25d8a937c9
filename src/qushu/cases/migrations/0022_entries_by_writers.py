from importlib import import_module

from django.db import migrations

before = import_module("qushu.cases.migrations.0015_search_entries")


class Migration(migrations.Migration):
    """Who writes a statement writes its entry (cases/entries.py): a trigger that cut pairs row by row cost 0.3 ms a case."""

    dependencies = [("cases", "0021_limits")]

    operations = [migrations.RunSQL(before.NO_TRIGGERS, before.TRIGGERS)]
