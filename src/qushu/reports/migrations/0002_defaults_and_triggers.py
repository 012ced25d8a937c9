"""What a new centre begins with, and the database's own word that a signed version never changes."""

from django.db import migrations

from qushu.reports.defaults import install

PROTECT = """
CREATE FUNCTION reports_version_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('signed', 'archived') AND NOT (TG_OP = 'UPDATE' AND OLD.state = 'signed' AND NEW.state = 'archived'
      AND to_jsonb(OLD) - 'state' - 'archived_at' = to_jsonb(NEW) - 'state' - 'archived_at') THEN
    RAISE EXCEPTION 'version % is signed: % refused', OLD.id, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE FUNCTION reports_belongs_to_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text;
BEGIN
  SELECT state INTO held FROM reports_version WHERE id = coalesce(NEW.version_id, OLD.version_id);
  IF TG_OP = 'UPDATE' OR held IN ('signed', 'archived') THEN
    RAISE EXCEPTION '%: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER reports_version_stays BEFORE UPDATE OR DELETE ON reports_version
  FOR EACH ROW EXECUTE FUNCTION reports_version_is_signed();
CREATE TRIGGER reports_figure_stays BEFORE INSERT OR UPDATE OR DELETE ON reports_reportfigure
  FOR EACH ROW EXECUTE FUNCTION reports_belongs_to_signed();
CREATE TRIGGER reports_file_stays BEFORE INSERT OR UPDATE OR DELETE ON reports_reportfile
  FOR EACH ROW EXECUTE FUNCTION reports_belongs_to_signed();
"""
UNPROTECT = """
DROP TRIGGER reports_file_stays ON reports_reportfile;
DROP TRIGGER reports_figure_stays ON reports_reportfigure;
DROP TRIGGER reports_version_stays ON reports_version;
DROP FUNCTION reports_belongs_to_signed();
DROP FUNCTION reports_version_is_signed();
"""


def begin(apps, schema_editor):
    install(*(apps.get_model("reports", name) for name in ("ReportTemplate", "FindingRule", "Advice")))


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_reports")]
    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]
