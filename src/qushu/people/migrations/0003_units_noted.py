from django.db import migrations

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    dependencies = [("people", "0002_sign_ins"), ("kernel", "0003_table_versions")]

    operations = [watch("people_unit")]
