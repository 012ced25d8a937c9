"""A signed form in the database's own keeping: nothing but its release changes, whoever writes."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION evaluation_refuse_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'signed' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{released_by_id,released_at}'::text[]
     = to_jsonb(OLD) - '{released_by_id,released_at}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'evaluation % is signed: % refused', OLD.id, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION evaluation_refuse_signed_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owner bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.evaluation_id ELSE NEW.evaluation_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_evaluation_evaluation WHERE id = owner AND state = 'signed') THEN
    RAISE EXCEPTION 'evaluation % is signed: % of a line refused', owner, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER evaluation_signed_stays BEFORE UPDATE OR DELETE ON ledger_evaluation_evaluation
  FOR EACH ROW EXECUTE FUNCTION evaluation_refuse_signed();
CREATE TRIGGER evaluation_signed_lines_stay BEFORE INSERT OR UPDATE OR DELETE ON ledger_evaluation_evaluationline
  FOR EACH ROW EXECUTE FUNCTION evaluation_refuse_signed_line();
"""

THAW = """
DROP TRIGGER evaluation_signed_lines_stay ON ledger_evaluation_evaluationline;
DROP TRIGGER evaluation_signed_stays ON ledger_evaluation_evaluation;
DROP FUNCTION evaluation_refuse_signed_line();
DROP FUNCTION evaluation_refuse_signed();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger_evaluation", "0001_evaluation")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
