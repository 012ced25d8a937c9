"""Nobody approves a budget that they wrote: the version, or one before it since the last approval."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_approved_by_another_hand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked ledger_budgetversion; settled integer;
BEGIN
  SELECT * INTO asked FROM ledger_budgetversion WHERE id = NEW.version_id;
  SELECT coalesce(max(v.number), 0) INTO settled FROM ledger_budgetversion v
    JOIN ledger_versionstep s ON s.version_id = v.id AND s.step = 'approved'
    WHERE v.year = asked.year AND v.department = asked.department;
  IF EXISTS (SELECT FROM ledger_budgetversion WHERE year = asked.year AND department = asked.department
      AND number > settled AND number <= asked.number AND made_by_id = NEW.by_id) THEN
    RAISE EXCEPTION 'version % needs another hand to approve it', NEW.version_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approved_by_another_hand BEFORE INSERT ON ledger_versionstep
  FOR EACH ROW WHEN (NEW.step = 'approved') EXECUTE FUNCTION ledger_approved_by_another_hand();
"""
BACK = "DROP TRIGGER approved_by_another_hand ON ledger_versionstep; DROP FUNCTION ledger_approved_by_another_hand();"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_stated_as_of")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
