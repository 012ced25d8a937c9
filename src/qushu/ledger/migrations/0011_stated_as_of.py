"""A statement says up to which day it holds; those from before: the day they were made, at most the year's last."""

from django.db import migrations, models

FILL = """
ALTER TABLE ledger_statement DISABLE TRIGGER ledger_statement_append_only;
UPDATE ledger_statement SET as_of = least((stated_at AT TIME ZONE 'Asia/Shanghai')::date, make_date(year, 12, 31));
ALTER TABLE ledger_statement ENABLE TRIGGER ledger_statement_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_reading_definition")]
    operations = [
        migrations.AddField("statement", "as_of", models.DateField("截至", null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("statement", "as_of", models.DateField("截至")),
    ]
