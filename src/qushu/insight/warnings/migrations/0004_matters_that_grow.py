"""A rule for matters that grow; a kind of warning more."""

from typing import Any

from django.db import migrations, models

from qushu.insight.warnings.ruling import DEFAULTS

KINDS = [
    ("surge", "突发"),
    ("new_word", "新词"),
    ("matter", "群体投诉"),
    ("repeat", "重复投诉"),
    ("safety", "安全突发"),
    ("traffic", "交通突发"),
    ("silence", "异常沉寂"),
    ("forecast", "偏离预测"),
    ("late", "集中超期"),
]


def write_rule(apps: Any, schema: Any) -> None:
    WarningRule = apps.get_model("insight_warnings", "WarningRule")
    figures = vars(DEFAULTS["matter"]) | {"roles": list(DEFAULTS["matter"].roles)}
    WarningRule.objects.get_or_create(kind="matter", defaults=figures)


class Migration(migrations.Migration):
    dependencies = [
        ("insight_warnings", "0003_charts_and_strength"),
        ("insight_matters", "0002_keys_of_lone_cases"),
    ]
    operations = [
        migrations.AlterField("warning", "kind", models.CharField("种类", choices=KINDS, max_length=10)),
        migrations.AlterField("warningrule", "kind", models.CharField("种类", choices=KINDS, max_length=10, unique=True)),
        migrations.AlterField("tuning", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.RunPython(write_rule, migrations.RunPython.noop),
    ]
