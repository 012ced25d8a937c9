"""What belongs to no unit, street, category or agent is counted too, under the subject -1, so that lines add up to all.

Taken from what is counted already: nothing has to be counted anew.
"""

from django.db import migrations

SLOTS = 27


def array(figure: str) -> str:
    return "ARRAY[" + ", ".join(figure.format(slot=slot, place=slot + 1) for slot in range(SLOTS)) + "]"


COUNT = array("(count(*) FILTER (WHERE slot = {slot}))::int")
SUM = array("sum(counts[{place}])::int")
ADD = f"""
CREATE TEMPORARY TABLE of_nobody ON COMMIT DROP AS
SELECT s.subject, f.slot, f.day, coalesce(f.unit_id, 0) AS unit_id, coalesce(k.street_id, 0) AS street_id,
  coalesce(k.area_id, 0) AS area_id
FROM hotline_countedcase k, unnest(k.slots, k.days, k.units) AS f (slot, day, unit_id), LATERAL (VALUES
  ('unit', f.unit_id), ('street', k.street_id), ('category', k.category_id), ('agent', k.accepted_by_id)
) AS s (subject, subject_id)
WHERE s.subject_id IS NULL;

INSERT INTO hotline_areacount (subject, starts_on, street_id, area_id, subject_id, counts)
SELECT subject, date_trunc('month', day)::date, street_id, area_id, -1, {COUNT} FROM of_nobody GROUP BY 1, 2, 3, 4;

WITH by_day AS MATERIALIZED (
  SELECT subject, day, unit_id, {COUNT} AS counts FROM of_nobody GROUP BY 1, 2, 3
)
INSERT INTO hotline_assessmentcount (subject, grain, starts_on, subject_id, unit_id, counts)
SELECT subject, 'd', day, -1, unit_id, counts FROM by_day
UNION ALL
SELECT subject, 'm', date_trunc('month', day)::date AS month, -1, coalesce(unit_id, -1), {SUM} FROM by_day
GROUP BY GROUPING SETS ((subject, month, unit_id), (subject, month));
"""
TAKE_AWAY = """
DELETE FROM hotline_areacount WHERE subject_id = -1;
DELETE FROM hotline_assessmentcount WHERE subject_id = -1;
"""


class Migration(migrations.Migration):
    dependencies = [("hotline", "0012_refused_once")]
    operations = [migrations.RunSQL(ADD, TAKE_AWAY)]
