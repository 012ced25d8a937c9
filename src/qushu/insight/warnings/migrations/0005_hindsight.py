"""Warnings found in cases that came with a past, and when the past was looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight_warnings", "0004_matters_that_grow")]
    operations = [
        migrations.AddField("warning", "hindsight", models.BooleanField("事后补看", default=False)),
        migrations.CreateModel(
            "PastLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("looked_at", models.DateTimeField()),
                ("newest_case", models.BigIntegerField()),
                ("found", models.PositiveIntegerField()),
            ],
        ),
    ]
