import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Chinese characters: CJK unified ideographs and their extension A. What lies between them becomes one blank.
TRIGGERS = """
CREATE FUNCTION cases_pairs(said text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  before text := ' ';
  sign text;
  found text[] := '{}';
BEGIN
  FOREACH sign IN ARRAY string_to_array(regexp_replace(said || ' ', '[^㐀-鿿]+', ' ', 'g'), NULL) LOOP
    IF before <> ' ' THEN
      found := found || rtrim(before || sign);
    END IF;
    before := sign;
  END LOOP;
  RETURN array_to_tsvector(found);
END $$;

CREATE FUNCTION cases_index(first bigint, last bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO cases_searchentry (case_id, accepted_at, lon, lat, words)
  SELECT c.id, c.accepted_at, s.lon, s.lat,
         coalesce(s.words, ''::tsvector) || cases_pairs(c.title || ' ' || s.text || ' ' || s.place)
  FROM cases_statement s JOIN cases_case c ON c.id = s.case_id
  WHERE s.case_id BETWEEN first AND last
  ON CONFLICT (case_id) DO UPDATE SET
    accepted_at = excluded.accepted_at, lon = excluded.lon, lat = excluded.lat, words = excluded.words
$$;

CREATE FUNCTION cases_statement_index() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cases_index(NEW.case_id, NEW.case_id);
  RETURN NULL;
END $$;
CREATE TRIGGER cases_statement_indexed AFTER INSERT OR UPDATE OF text, place, lon, lat, words ON cases_statement
  FOR EACH ROW EXECUTE FUNCTION cases_statement_index();
-- A load that skips the checks of references must not skip this.
ALTER TABLE cases_statement ENABLE ALWAYS TRIGGER cases_statement_indexed;

CREATE FUNCTION cases_case_index() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cases_index(NEW.id, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER cases_case_indexed AFTER UPDATE ON cases_case FOR EACH ROW
  WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.accepted_at IS DISTINCT FROM NEW.accepted_at)
  EXECUTE FUNCTION cases_case_index();
"""
NO_TRIGGERS = """
DROP TRIGGER cases_case_indexed ON cases_case;
DROP TRIGGER cases_statement_indexed ON cases_statement;
DROP FUNCTION cases_case_index();
DROP FUNCTION cases_statement_index();
DROP FUNCTION cases_index(bigint, bigint);
DROP FUNCTION cases_pairs(text);
"""


class Migration(migrations.Migration):
    """What is written from now on has its entry; 0016 makes those of the cases that are there."""

    dependencies = [("cases", "0014_deadline_rules_noted")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="entry",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("accepted_at", models.DateTimeField()),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
