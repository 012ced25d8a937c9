"""What is counted says which unit answers, so that a unit reads its own figures as fast as the district does."""

from django.db import migrations, models

AGAIN = """
TRUNCATE hotline_assessmentcount, hotline_countedcase;
INSERT INTO hotline_uncountedcase (case_id) SELECT id FROM cases_case ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [("hotline", "0005_duty")]
    operations = [
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
        migrations.RemoveConstraint("assessmentcount", "counted_once"),
        migrations.AddField("assessmentcount", "unit_id", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddConstraint(
            "assessmentcount",
            models.UniqueConstraint(
                fields=["subject", "grain", "starts_on", "subject_id", "unit_id"], name="counted_once"
            ),
        ),
    ]
