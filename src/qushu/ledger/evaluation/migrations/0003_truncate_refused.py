from django.db import migrations

TABLES = ("ledger_evaluation_evaluation", "ledger_evaluation_evaluationline")
REFUSE = "\n".join(
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();"
    for table in TABLES
)
ALLOW = "\n".join(f"DROP TRIGGER {table}_no_truncate ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    """A trigger for each row doesn't see TRUNCATE, which would empty the tables of signed forms."""

    dependencies = [("ledger_evaluation", "0002_frozen"), ("ledger", "0004_books_triggers")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
