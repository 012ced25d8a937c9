import django.contrib.postgres.fields
from django.db import migrations, models

FOLLOW = """
CREATE FUNCTION cases_facets(one bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(
    SELECT DISTINCT facet FROM (
      SELECT unnest(ARRAY['a' || street_id, 'a' || area_id, 'c' || category_id, 'u' || lead_unit_id]) AS facet
      FROM cases_case WHERE id = one
      UNION ALL
      SELECT 'u' || unit_id FROM cases_assignment WHERE case_id = one AND part = 'assist' AND ended_at IS NULL
    ) known WHERE facet IS NOT NULL)
$$;

CREATE FUNCTION cases_follow_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cases_searchentry SET facets = cases_facets(NEW.id) WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_case_facets AFTER UPDATE ON cases_case FOR EACH ROW
  WHEN ((OLD.street_id, OLD.area_id, OLD.category_id, OLD.lead_unit_id)
        IS DISTINCT FROM (NEW.street_id, NEW.area_id, NEW.category_id, NEW.lead_unit_id))
  EXECUTE FUNCTION cases_follow_case();

CREATE FUNCTION cases_follow_assistance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cases_searchentry SET facets = cases_facets(NEW.case_id) WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_assistance_begun AFTER INSERT ON cases_assignment FOR EACH ROW
  WHEN (NEW.part = 'assist') EXECUTE FUNCTION cases_follow_assistance();
CREATE TRIGGER cases_assistance_changed AFTER UPDATE OF part, unit_id, ended_at ON cases_assignment FOR EACH ROW
  WHEN (OLD.part = 'assist' OR NEW.part = 'assist') EXECUTE FUNCTION cases_follow_assistance();
"""
DO_NOT = """
DROP TRIGGER cases_assistance_changed ON cases_assignment;
DROP TRIGGER cases_assistance_begun ON cases_assignment;
DROP TRIGGER cases_case_facets ON cases_case;
DROP FUNCTION cases_follow_assistance();
DROP FUNCTION cases_follow_case();
DROP FUNCTION cases_facets(bigint);
"""


class Migration(migrations.Migration):
    """An entry says to which areas, category and units its case belongs; the database keeps it so. 0030 fills those that are there."""

    dependencies = [("cases", "0028_counted_from_indexes")]

    operations = [
        migrations.RemoveIndex("searchentry", "entry_words"),
        migrations.AddField(
            "searchentry",
            "facets",
            django.contrib.postgres.fields.ArrayField(models.TextField(), default=list, size=None),
        ),
        migrations.RunSQL(FOLLOW, DO_NOT),
    ]
