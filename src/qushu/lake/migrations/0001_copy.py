"""Marks of changed cases, written by triggers as the assessment's are: also a bulk load marks what it writes."""

from django.db import migrations, models

# ALWAYS: also where bulk loading has switched ordinary triggers off. One row per changed case and statement.
MARK = """
CREATE FUNCTION lake_mark_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO lake_stalecase (case_id) SELECT DISTINCT case_id FROM changed;
  RETURN NULL;
END $$;
CREATE FUNCTION lake_mark_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO lake_stalecase (case_id) SELECT id FROM gone;
  RETURN NULL;
END $$;
CREATE TRIGGER lake_case_moved AFTER INSERT ON cases_history
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION lake_mark_stale();
CREATE TRIGGER lake_case_gone AFTER DELETE ON cases_case
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION lake_mark_gone();
ALTER TABLE cases_history ENABLE ALWAYS TRIGGER lake_case_moved;
ALTER TABLE cases_case ENABLE ALWAYS TRIGGER lake_case_gone;
"""
UNMARK = """
DROP TRIGGER lake_case_moved ON cases_history;
DROP TRIGGER lake_case_gone ON cases_case;
DROP FUNCTION lake_mark_stale();
DROP FUNCTION lake_mark_gone();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("hotline", "0009_counts_by_area"), ("cases", "0011_code_tables_noted")]
    operations = [
        migrations.CreateModel(
            name="CopyState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=32)),
                ("written_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="StaleCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(MARK, UNMARK),
    ]
