from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hotline", "0011_truncate_refused")]

    operations = [
        migrations.AddField("feedrow", "digest", models.BinaryField(null=True)),
        migrations.AddIndex("feedrow", models.Index(fields=["digest"], name="feed_row_digest")),
    ]
