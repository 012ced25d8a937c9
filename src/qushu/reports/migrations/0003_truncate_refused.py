from django.db import migrations

TABLES = ("reports_version", "reports_reportfigure", "reports_reportfile")
REFUSE = "\n".join(
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    for table in TABLES
)
ALLOW = "\n".join(f"DROP TRIGGER {table}_no_truncate ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    """A trigger for each row doesn't see TRUNCATE, which would empty the tables of signed reports."""

    dependencies = [("reports", "0002_defaults_and_triggers"), ("cases", "0002_history_is_append_only")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
