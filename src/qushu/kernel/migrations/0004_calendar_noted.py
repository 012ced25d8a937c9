from django.db import migrations

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_table_versions")]

    operations = [
        watch("kernel_calendarday"),
        watch("kernel_calendaryear"),
        migrations.RunSQL("DELETE FROM kernel_sequence WHERE name = 'rulebook'", migrations.RunSQL.noop),
    ]
