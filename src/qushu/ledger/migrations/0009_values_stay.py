"""What was measured and what was stated stays: rows of readings and statements are only added."""

from django.db import migrations

TABLES = ("ledger_reading", "ledger_statement")
REFUSE = "\n".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();\n"
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();"
    for table in TABLES
)
ALLOW = "\n".join(
    f"DROP TRIGGER {table}_no_truncate ON {table};\nDROP TRIGGER {table}_append_only ON {table};" for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_truncate_refused")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
