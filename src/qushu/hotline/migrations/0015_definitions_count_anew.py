"""A changed definition of a rate marks the cases whose judgements lie ahead of it: what was counted of them is counted anew."""

from django.db import migrations

from qushu.hotline.definition_marks import mark_on_change


class Migration(migrations.Migration):
    dependencies = [("hotline", "0014_truncate_of_the_log_refused"), ("cases", "0021_limits")]
    operations = [mark_on_change("hotline_definition_changed", "hotline_uncountedcase")]
