"""Lone cases are listed under keys that are read from their newest end; the index over their words is gone."""

from typing import Any

from django.db import migrations, models

from qushu.insight.matters.joining import Told, keys_of

ROWS = 2_000


def list_lone_cases(apps: Any, schema: Any) -> None:
    """Whoever stood alone before stands on the lists now."""
    Face, FaceKey = (apps.get_model("insight_matters", name) for name in ("Face", "FaceKey"))
    lone = Face.objects.filter(alone=True).values_list("case_id", "accepted_at", "street_id", "words")
    rows = (
        FaceKey(key=key, accepted_at=at, case_id=case_id)
        for case_id, at, street, words in lone.iterator(chunk_size=ROWS)
        for key in keys_of(Told(case_id, at, None, street, None, None, dict.fromkeys(words, 1.0)))
    )
    FaceKey.objects.bulk_create(rows, batch_size=ROWS, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("insight_matters", "0001_matters")]
    operations = [
        migrations.CreateModel(
            name="FaceKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "accepted_at", "case_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                ("accepted_at", models.DateTimeField()),
                ("case_id", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(list_lone_cases, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="face", name="face_rare"),
        migrations.RemoveIndex(model_name="face", name="face_person"),
        migrations.RemoveField(model_name="face", name="alone"),
        migrations.RemoveField(model_name="face", name="rare"),
    ]
