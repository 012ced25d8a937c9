"""The words of danger that a centre starts with; a word that is there already stays as it is."""

from typing import Any

from django.db import migrations

from qushu.cases.seed import rows_of


def write_words(apps: Any, schema: Any) -> None:
    SafetyWord = apps.get_model("insight_understanding", "SafetyWord")
    rows = rows_of("qushu.insight.understanding", "safety_words.csv")
    SafetyWord.objects.bulk_create(
        [SafetyWord(word=row["word"], kind=row["kind"], major=row["major"] == "yes") for row in rows],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("insight_understanding", "0001_models_and_words")]
    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]
