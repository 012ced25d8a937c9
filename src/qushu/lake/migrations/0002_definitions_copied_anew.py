"""A changed definition of a rate marks the cases whose judgements lie ahead of it for the copy, as it does for the counts."""

from django.db import migrations

MARK = """
CREATE FUNCTION lake_definition_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE since timestamptz := CASE WHEN TG_OP = 'DELETE' THEN OLD.effective_from ELSE NEW.effective_from END;
DECLARE changed text := CASE WHEN TG_OP = 'DELETE' THEN OLD.code ELSE NEW.code END;
BEGIN
  IF changed = 'satisfied_from' OR changed LIKE 'unjudged\\_%' THEN
    IF since > now() - interval '1 day' THEN
      INSERT INTO lake_stalecase (case_id) SELECT DISTINCT case_id FROM cases_clock WHERE due_at >= since;
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER lake_definition_changed AFTER INSERT OR DELETE ON cases_limit
  FOR EACH ROW EXECUTE FUNCTION lake_definition_changed();
"""
UNMARK = """
DROP TRIGGER lake_definition_changed ON cases_limit;
DROP FUNCTION lake_definition_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("lake", "0001_copy"), ("hotline", "0015_definitions_count_anew")]
    operations = [migrations.RunSQL(MARK, UNMARK)]
