"""Marks the cases whose judgements lie ahead of a changed definition of a rate (`assessment/definitions.py`)."""

from django.db.migrations import RunSQL


def mark_on_change(trigger: str, marks: str) -> RunSQL:
    """The operation of a migration that has `trigger` write those cases into the table `marks` (case_id) from now on.

    A value of a limit begins now or later. The initial values of a centre, which lie far back, change nothing.
    """
    return RunSQL(
        rf"""
CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE since timestamptz := CASE WHEN TG_OP = 'DELETE' THEN OLD.effective_from ELSE NEW.effective_from END;
DECLARE changed text := CASE WHEN TG_OP = 'DELETE' THEN OLD.code ELSE NEW.code END;
BEGIN
  IF changed = 'satisfied_from' OR changed LIKE 'unjudged\_%' THEN
    IF since > now() - interval '1 day' THEN
      INSERT INTO {marks} (case_id) SELECT DISTINCT case_id FROM cases_clock WHERE due_at >= since;
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {trigger} AFTER INSERT OR DELETE ON cases_limit
  FOR EACH ROW EXECUTE FUNCTION {trigger}();
""",
        f"DROP TRIGGER {trigger} ON cases_limit; DROP FUNCTION {trigger}();",
    )
