from django.db import migrations

REFUSE = (
    "CREATE TRIGGER hotline_handover_no_truncate BEFORE TRUNCATE ON hotline_handover"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
)


class Migration(migrations.Migration):
    """A trigger for each row doesn't see TRUNCATE, which would empty the whole log of handovers."""

    dependencies = [("hotline", "0013_counts_of_nobody"), ("cases", "0002_history_is_append_only")]
    operations = [migrations.RunSQL(REFUSE, "DROP TRIGGER hotline_handover_no_truncate ON hotline_handover;")]
