"""The rules a centre starts with; one that is there already stays as it is."""

from typing import Any

from django.db import migrations

from qushu.insight.warnings.ruling import DEFAULTS


def write_rules(apps: Any, schema: Any) -> None:
    WarningRule = apps.get_model("insight_warnings", "WarningRule")
    rows = [
        WarningRule(
            kind=kind,
            least=one.least,
            ratio=one.ratio,
            hours=one.hours,
            a_week=one.a_week,
            roles=list(one.roles),
            answer_minutes=one.answer_minutes,
        )
        for kind, one in DEFAULTS.items()
    ]
    WarningRule.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("insight_warnings", "0001_warnings")]
    operations = [migrations.RunPython(write_rules, migrations.RunPython.noop)]
