from django.db import migrations

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial"), ("kernel", "0003_table_versions")]

    operations = [watch("places_area")]
