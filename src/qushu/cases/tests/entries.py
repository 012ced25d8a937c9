"""Whether entries hold what they should: asked by the tests of everything that writes cases."""

from django.db import connection

_WRONG = """
SELECT case_id FROM cases_searchentry, cases_facets(case_id) AS right_ones
WHERE NOT (facets @> right_ones AND facets <@ right_ones AND cardinality(facets) = cardinality(right_ones))
ORDER BY case_id
"""


def entries_with_wrong_facets() -> list[int]:
    """The cases whose entry doesn't name exactly their areas, category and units."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        return [case_id for (case_id,) in cursor.fetchall()]
