from django.db import migrations, models


class Migration(migrations.Migration):
    """Each case carries the moment from which it is overdue. Without a default: no row is rewritten."""

    dependencies = [("cases", "0024_words_wait_as_usual")]

    operations = [
        migrations.AddField("case", "overdue_from", models.DateTimeField(null=True, verbose_name="超期起")),
    ]
