"""Every move marks its case as uncounted; what an assessment has frozen, and the formula it was frozen by, can't change."""

from django.db import migrations

APPEND_ONLY = (
    "assessmentscheme", "assessmentrule", "assessmenttier", "assessmentperiod", "assessmentline", "frozenrows", "correction",
)  # fmt: skip

# ALWAYS: also where bulk loading has switched ordinary triggers off. One row per changed case and statement.
MARK = """
CREATE FUNCTION hotline_mark_uncounted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hotline_uncountedcase (case_id) SELECT DISTINCT case_id FROM changed;
  RETURN NULL;
END $$;
CREATE FUNCTION hotline_mark_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hotline_uncountedcase (case_id) SELECT id FROM gone;
  RETURN NULL;
END $$;
CREATE TRIGGER hotline_case_moved AFTER INSERT ON cases_history
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION hotline_mark_uncounted();
CREATE TRIGGER hotline_case_gone AFTER DELETE ON cases_case
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION hotline_mark_gone();
ALTER TABLE cases_history ENABLE ALWAYS TRIGGER hotline_case_moved;
ALTER TABLE cases_case ENABLE ALWAYS TRIGGER hotline_case_gone;
INSERT INTO hotline_uncountedcase (case_id) SELECT id FROM cases_case ORDER BY id;
"""
UNMARK = """
DROP TRIGGER hotline_case_moved ON cases_history;
DROP TRIGGER hotline_case_gone ON cases_case;
DROP FUNCTION hotline_mark_uncounted();
DROP FUNCTION hotline_mark_gone();
"""
PROTECT = "\n".join(
    f"CREATE TRIGGER hotline_{table}_append_only BEFORE UPDATE OR DELETE ON hotline_{table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change();"
    for table in APPEND_ONLY
)
UNPROTECT = "\n".join(f"DROP TRIGGER hotline_{table}_append_only ON hotline_{table};" for table in APPEND_ONLY)

# Schemes that were seeded before tiers were data get the ones that stood in the code (Wuhan 2020).
TIERS = """
INSERT INTO hotline_assessmenttier (scheme_id, name, lowest)
SELECT scheme.id, tier.name, tier.lowest FROM hotline_assessmentscheme scheme
CROSS JOIN (VALUES ('好', 85), ('合格', 75), ('不合格', 0)) AS tier (name, lowest);
UPDATE hotline_assessmentscheme SET freezes_on_day = 5 WHERE name IN ('承办单位月度考核', '街道月度考核');
"""


class Migration(migrations.Migration):
    dependencies = [("hotline", "0002_assessment"), ("cases", "0006_assessment_of_a_month")]
    operations = [
        migrations.RunSQL(TIERS, migrations.RunSQL.noop),
        migrations.RunSQL(MARK, UNMARK),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]
