"""What is compared of cases, kept beside them while they may still find others; those in no matter are listed by key.

A key is a rare word with the case's street, or one of its very rarest words alone. Each key's list is read from its
newest end and no further than LONGEST_LIST, so that a new case costs the same however many stand alone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from .joining import CANDIDATES, LONGEST_LIST, Limits, Told, keys_of
from .models import Face, FaceKey

ROWS: Final = 2_000
# one index-only read per key (the primary key of FaceKey, backwards)
_NEAR: Final = """
    SELECT found.case_id
    FROM unnest(%s::bigint[]) AS asked(key)
    CROSS JOIN LATERAL (
        SELECT case_id FROM insight_matters_facekey
        WHERE key = asked.key AND accepted_at >= %s ORDER BY accepted_at DESC, case_id DESC LIMIT %s
    ) AS found
    GROUP BY found.case_id HAVING count(*) > 1
    ORDER BY count(*) DESC, found.case_id DESC LIMIT %s
"""

_TAKE_OFF: Final = """
    DELETE FROM insight_matters_facekey AS listed
    USING unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) AS gone(key, accepted_at, case_id)
    WHERE (listed.key, listed.accepted_at, listed.case_id) = (gone.key, gone.accepted_at, gone.case_id)
"""


def keep_lone(cases: Iterable[Told]) -> None:
    """Keep cases that were looked at and found nobody; they are listed, so that others find them."""
    told = list(cases)
    Face.objects.bulk_create(map(_face_of, told), batch_size=ROWS, ignore_conflicts=True)
    FaceKey.objects.bulk_create(
        (FaceKey(key=key, accepted_at=one.at, case_id=one.case_id) for one in told for key in keys_of(one)),
        batch_size=ROWS,
        ignore_conflicts=True,
    )


def keep_joined(cases: Iterable[Told]) -> None:
    """Keep that cases were looked at and joined a matter; from now on they are found by it."""
    told = list(cases)
    Face.objects.bulk_create(map(_face_of, told), batch_size=ROWS, ignore_conflicts=True)
    take_off([one.case_id for one in told])


def take_off(case_ids: Sequence[int]) -> None:
    """These cases are in a matter now: take them off the lists."""
    rows = [(key, one.at, one.case_id) for one in told_by_ids(case_ids) for key in keys_of(one)]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OFF, [list(column) for column in zip(*rows, strict=True)] or [[], [], []])


def put_on(case_ids: Sequence[int]) -> None:
    """These cases are in no matter any more: list them again, as far as what is compared of them is still kept."""
    keep_lone(told_by_ids(case_ids))


def near_alone(told: Told, limits: Limits) -> list[Told]:
    """The lone cases of the last weeks that share the most keys with this one, at least two."""
    asked: list[Any] = [keys_of(told), told.at - limits.span, LONGEST_LIST, CANDIDATES]
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, asked)
        ids = [row[0] for row in cursor.fetchall()]
    return told_by_ids(ids)


def told_by_ids(case_ids: Sequence[int]) -> list[Told]:
    """What is compared of these cases, as far as it is kept."""
    columns = (
        "case_id",
        "accepted_at",
        "person",
        "street_id",
        "area_id",
        "category_id",
        "words",
        "weights",
        "asks",
        "spot",
    )
    rows = Face.objects.filter(pk__in=case_ids).order_by("pk").values_list(*columns)
    return [
        Told(
            case_id,
            at,
            bytes(person) if person else None,
            street,
            area,
            category,
            dict(zip(words, weights, strict=True)),
            asks,
            spot,
        )
        for case_id, at, person, street, area, category, words, weights, asks, spot in rows
    ]


def forget_faces(oldest: datetime) -> int:
    """Forget what is compared of cases that are too old to find others. Returns how many."""
    FaceKey.objects.filter(accepted_at__lt=oldest).delete()
    return Face.objects.filter(accepted_at__lt=oldest).delete()[0]


def _face_of(told: Told) -> Face:
    return Face(
        case_id=told.case_id,
        accepted_at=told.at,
        person=told.person,
        street_id=told.street_id,
        area_id=told.area_id,
        category_id=told.category_id,
        words=list(told.vector),
        weights=[round(weight, 4) for weight in told.vector.values()],
        asks=told.asks,
        spot=told.spot,
    )
