"""Words of danger that came after a centre began; one that is there, changed or switched off too, stays as it is."""

from importlib import import_module

from django.db import migrations

first = import_module("qushu.insight.understanding.migrations.0002_safety_words")


class Migration(migrations.Migration):
    dependencies = [("insight_understanding", "0002_safety_words")]
    operations = [migrations.RunPython(first.write_words, migrations.RunPython.noop)]
