import django.db.models.deletion
from django.db import migrations, models

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("kernel", "0003_table_versions"),
        ("insight_understanding", "0001_models_and_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("query", models.CharField(max_length=1000)),
                ("role", models.CharField(blank=True, max_length=15, verbose_name="共享给")),
                ("saved_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.account"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [models.Index(fields=["role", "name"], name="search_shared")],
                "constraints": [models.UniqueConstraint(fields=("account", "name"), name="search_saved_once")],
            },
        ),
        watch("insight_understanding_learnedplace"),
    ]
