"""A changed definition of a rate marks the cases whose judgements lie ahead of it: what was counted of them is counted anew."""

from django.db import migrations

# A value of a limit begins now or later. The initial values of a centre, which lie far back, change nothing.
MARK = """
CREATE FUNCTION hotline_definition_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE since timestamptz := CASE WHEN TG_OP = 'DELETE' THEN OLD.effective_from ELSE NEW.effective_from END;
DECLARE changed text := CASE WHEN TG_OP = 'DELETE' THEN OLD.code ELSE NEW.code END;
BEGIN
  IF changed = 'satisfied_from' OR changed LIKE 'unjudged\\_%' THEN
    IF since > now() - interval '1 day' THEN
      INSERT INTO hotline_uncountedcase (case_id) SELECT DISTINCT case_id FROM cases_clock WHERE due_at >= since;
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER hotline_definition_changed AFTER INSERT OR DELETE ON cases_limit
  FOR EACH ROW EXECUTE FUNCTION hotline_definition_changed();
"""
UNMARK = """
DROP TRIGGER hotline_definition_changed ON cases_limit;
DROP FUNCTION hotline_definition_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("hotline", "0014_truncate_of_the_log_refused"), ("cases", "0021_limits")]
    operations = [migrations.RunSQL(MARK, UNMARK)]
