from django.db import migrations, models

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_truncate_refused"), ("kernel", "0003_table_versions")]

    operations = [
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=24, verbose_name="限额")),
                ("value", models.CharField(max_length=60, verbose_name="数值")),
                ("effective_from", models.DateTimeField(verbose_name="生效")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ],
            options={
                "ordering": ["code", "effective_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "effective_from"), name="limit_begins_once"),
                ],
            },
        ),
        watch("cases_limit"),
    ]
