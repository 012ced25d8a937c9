import django.db.models.deletion
from django.db import migrations, models

import qushu.insight.search.models


class Migration(migrations.Migration):
    dependencies = [("insight_search", "0001_saved_searches"), ("cases", "0017_entries_indexed")]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS vector", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="MeaningSpace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("learned_at", models.DateTimeField(verbose_name="学习时间")),
                ("cases", models.PositiveIntegerField(verbose_name="学习件数")),
                ("data", models.BinaryField()),
                ("high", models.BigIntegerField(default=0)),
                ("low", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Meaning",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="meaning",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("vector", qushu.insight.search.models.HalfVector(size=64)),
                (
                    "space",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="insight_search.meaningspace",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "CREATE INDEX meaning_near ON insight_search_meaning USING hnsw (vector halfvec_cosine_ops)",
            "DROP INDEX meaning_near",
        ),
    ]
