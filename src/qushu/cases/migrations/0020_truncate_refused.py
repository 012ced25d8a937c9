from django.db import migrations

TABLES = ("cases_history", "cases_seal", "people_auditentry")
REFUSE = "\n".join(
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    for table in TABLES
)
ALLOW = "\n".join(f"DROP TRIGGER {table}_no_truncate ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    """A trigger for each row doesn't see TRUNCATE, which would empty a whole table."""

    dependencies = [("cases", "0019_closing_words"), ("people", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
