from django.db import migrations

TABLES = [
    f"ledger_{table}"
    for table in (
        "entry", "posting", "closedmonth", "budgetversion", "versionrow", "versionstep", "bookfile", "refusedrow", "contract",
        "paymentorder",
    )
]  # fmt: skip
REFUSE = "\n".join(
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();"
    for table in TABLES
)
ALLOW = "\n".join(f"DROP TRIGGER {table}_no_truncate ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    """A trigger for each row doesn't see TRUNCATE, which would empty a whole table."""

    dependencies = [("ledger", "0007_versions_triggers")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
