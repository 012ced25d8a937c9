from django.db import migrations

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_open_by_state"), ("kernel", "0004_calendar_noted")]

    operations = [watch("cases_clockrule"), watch("cases_ladderstep")]
