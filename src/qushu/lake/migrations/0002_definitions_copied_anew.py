"""A changed definition of a rate marks the cases whose judgements lie ahead of it for the copy, as it does for the counts."""

from django.db import migrations

from qushu.hotline.definition_marks import mark_on_change


class Migration(migrations.Migration):
    dependencies = [("lake", "0001_copy"), ("hotline", "0015_definitions_count_anew")]
    operations = [mark_on_change("lake_definition_changed", "lake_stalecase")]
