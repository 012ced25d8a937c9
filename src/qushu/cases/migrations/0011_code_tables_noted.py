from django.db import migrations

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_reopened"), ("kernel", "0003_table_versions")]

    operations = [watch("cases_category"), watch("cases_channel")]
