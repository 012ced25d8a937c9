from django.db import migrations

from qushu.kernel.kept import watch


class Migration(migrations.Migration):
    dependencies = [("hotline", "0009_counts_by_area"), ("kernel", "0003_table_versions")]

    operations = [watch("hotline_catalogueentry"), watch("hotline_catalogueentry_assisting")]
