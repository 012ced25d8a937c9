"""Counts of months by area, so that whoever sees an area only reads them as fast as the district does."""

import django.contrib.postgres.fields
from django.db import migrations, models

AGAIN = """
TRUNCATE hotline_assessmentcount, hotline_countedcase;
INSERT INTO hotline_uncountedcase (case_id) SELECT id FROM cases_case ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hotline", "0008_feeds"),
    ]

    operations = [
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="countedcase",
            name="area_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="AreaCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=10)),
                ("starts_on", models.DateField()),
                ("street_id", models.BigIntegerField()),
                ("area_id", models.BigIntegerField()),
                ("subject_id", models.BigIntegerField()),
                ("counts", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "indexes": [models.Index(fields=["area_id", "subject", "starts_on"], name="area_counted")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("street_id", "subject", "starts_on", "area_id", "subject_id"), name="area_counted_once"
                    )
                ],
            },
        ),
    ]
