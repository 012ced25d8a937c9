"""A reading says through which day it counts: values of the middle of a year stand beside those of its end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_books_triggers")]

    operations = [
        migrations.AddField("reading", "through", models.DateField(null=True, verbose_name="截至")),
        migrations.RunSQL(
            "UPDATE ledger_reading SET through ="
            " least((taken_at AT TIME ZONE 'Asia/Shanghai')::date, make_date(year::int, 12, 31))",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("reading", "through", models.DateField(verbose_name="截至")),
        migrations.AddField(
            "reading",
            "recent_rate",
            models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name="近四周的率"),
        ),
        migrations.RemoveIndex("reading", "reading_newest"),
        migrations.AddIndex(
            "reading",
            models.Index(fields=["measure", "year", "-through", "-taken_at"], name="reading_newest"),
        ),
    ]
