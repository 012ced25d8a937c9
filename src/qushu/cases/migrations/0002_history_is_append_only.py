from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER cases_history_append_only BEFORE UPDATE OR DELETE ON cases_history
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cases_seal_append_only BEFORE UPDATE OR DELETE ON cases_seal
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER people_auditentry_append_only BEFORE UPDATE OR DELETE ON people_auditentry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
ALLOW = """
DROP TRIGGER cases_history_append_only ON cases_history;
DROP TRIGGER cases_seal_append_only ON cases_seal;
DROP TRIGGER people_auditentry_append_only ON people_auditentry;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("people", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
