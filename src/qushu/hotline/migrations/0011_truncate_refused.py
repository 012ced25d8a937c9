from django.db import migrations

TABLES = [
    f"hotline_{table}"
    for table in (
        "assessmentscheme", "assessmentrule", "assessmenttier", "assessmentperiod", "assessmentline", "frozenrows", "correction",
    )
]  # fmt: skip
REFUSE = "\n".join(
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    for table in TABLES
)
ALLOW = "\n".join(f"DROP TRIGGER {table}_no_truncate ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    """A trigger for each row doesn't see TRUNCATE, which would empty a whole table."""

    dependencies = [("hotline", "0010_catalogue_noted"), ("cases", "0002_history_is_append_only")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
